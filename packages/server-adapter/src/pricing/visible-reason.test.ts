import { expect, it } from 'vitest';
import { pendingReasons } from './pending.ts';
import { visibleReason } from './visible-reason.ts';

it('shows operators every code', () => {
  for (const reason of [...pendingReasons, 'joined_by_request_model', null]) {
    expect(visibleReason(reason, 'operator')).toBe(reason);
  }
});

it('shows customers nothing of prices, contracts or how a price was found', () => {
  expect(new Set(pendingReasons.map((reason) => visibleReason(reason, 'customer')))).toEqual(
    new Set(['usage_absent', 'price_unknown']),
  );
  expect(visibleReason('joined_by_canonical_model', 'customer')).toBeNull();
  expect(visibleReason('not_billed', 'customer')).toBe('not_billed');
});
