import { expect, it } from 'vitest';
import { mergePendingReasons } from './merge-pending-reasons.ts';

const rows = [
  { reason: 'no_price_for_tier', calls: 2, tokens: 100 },
  { reason: 'currency', calls: 1, tokens: null },
  { reason: 'usage_absent', calls: 4, tokens: null },
];

it('leaves the reasons to operators as they are', () => {
  expect(mergePendingReasons(rows, 'operator')).toBe(rows);
});

it('adds up what customers see under one reason, and keeps absent tokens absent', () => {
  expect(mergePendingReasons(rows, 'customer')).toEqual([
    { reason: 'price_unknown', calls: 3, tokens: 100 },
    { reason: 'usage_absent', calls: 4, tokens: null },
  ]);
});
