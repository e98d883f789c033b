import { describe, expect, it } from 'vitest';
import { rankGroups } from './rank-groups.ts';

const row = (flow: string | null, currency: string | null, cost: string | null, calls = 1) => ({
  flow,
  currency,
  cost,
  calls,
  total_tokens: null,
});

describe('rankGroups', () => {
  it('compares costs in the currency that most calls are in, and never adds two', () => {
    const rows = [
      row('yen', 'JPY', '9000', 1),
      row('cheap', 'USD', '1', 5),
      row('dear', 'USD', '2', 5),
      row('dear', 'JPY', '1', 1),
    ];
    expect(rankGroups(rows, 'flow', 'cost')).toEqual(['dear', 'cheap', 'yen']);
  });

  it('compares decimals as decimals, beyond what a float holds', () => {
    const rows = [
      row('a', 'USD', '9'),
      row('b', 'USD', '10'),
      row('c', 'USD', '9007199254740993.000000000001'),
      row('d', 'USD', '9007199254740993.000000000002'),
    ];
    expect(rankGroups(rows, 'flow', 'cost')).toEqual(['d', 'c', 'b', 'a']);
  });

  it('puts ties in order of calls and then of keys, those without a key last', () => {
    const rows = [row(null, null, null), row('b', null, null), row('a', null, null), row('c', null, null, 2)];
    expect(rankGroups(rows, 'flow', 'cost')).toEqual(['c', 'a', 'b', null]);
  });
});
