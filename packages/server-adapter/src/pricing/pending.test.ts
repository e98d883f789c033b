import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isPendingReason, pendingReasons } from './pending.ts';

it('has a line for every reason in the guide, which says what to do about it', () => {
  const guide = readFileSync(new URL('../../../../docs/guides/prices.md', import.meta.url), 'utf8');
  const [, table = ''] = guide.split('## Calls that wait');
  const told = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, reason]) => reason);
  expect(told.toSorted()).toEqual(pendingReasons.toSorted());
});

it('knows its own reasons and no other', () => {
  expect(isPendingReason('no_price')).toBe(true);
  expect(isPendingReason('constructor')).toBe(false);
});
