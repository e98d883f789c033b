import { describe, expect, test } from 'vitest';
import type { PriceRow } from '@tallykit/protocol';
import { expectedTotals } from './expected-totals.ts';
import { sameTotals } from './same-totals.ts';

const price: PriceRow = {
  id: 'p1',
  source: 'catalogue',
  provider: 'openai',
  model: 'gpt-4o-mini',
  match: 'exact',
  currency: 'USD',
  validFrom: null,
  validTo: null,
  knownFrom: '2026-01-01T00:00:00Z',
  serviceTier: null,
  batch: null,
  region: null,
  windowOfDay: null,
  rates: [
    { bucket: 'input', amount: '0.15', per: 1_000_000 },
    { bucket: 'output', amount: '0.6', per: 1_000_000 },
  ],
  tierMode: 'cliff',
  tiers: [],
  appliesTo: 'both',
};
const rows = [
  { offsetMs: 0, contextTokens: 374, generatedTokens: 44 },
  { offsetMs: 9, contextTokens: 396, generatedTokens: 109 },
];

describe('the check of a replayed trace', () => {
  test('adds up calls, tokens and exact cost', () => {
    expect(expectedTotals(rows, price)).toEqual({
      calls: 2,
      inputTokens: 770,
      outputTokens: 153,
      cost: '0.0002073',
    });
  });

  test('a trace of a model without a price costs nothing yet', () => {
    expect(expectedTotals(rows, null).cost).toBe('0');
  });

  test('uses the rates of the tier that a long prompt falls into', () => {
    const tiered: PriceRow = {
      ...price,
      tiers: [{ above: 380, rates: [{ bucket: 'input', amount: '0.3', per: 1_000_000 }] }],
    };
    expect(expectedTotals(rows, tiered).cost).toBe('0.0002667');
  });

  test.each([
    ['a missing call', { calls: 1 }],
    ['one token too many', { inputTokens: 771 }],
    ['one token too few', { outputTokens: 152 }],
    ['a cost off by 1e-12', { cost: '0.000207300001' }],
  ])('tells %s', (_, wrong) => {
    const sent = expectedTotals(rows, price);
    expect(sameTotals(sent, { ...sent, cost: '0.0002073' })).toBe(true);
    expect(sameTotals(sent, { ...sent, ...wrong })).toBe(false);
  });
});
