import type { TokenSpend } from '@tallykit/protocol';
import { exampleDays, exampleNow, exampleRange, wave } from './calendar.ts';
import { sumDecimals } from '../../format/decimal.ts';

const buckets = exampleDays(21, 50);

const series = buckets.map((bucket, index) => {
  const spend = (bucket.open ? 0.45 : 1) * 97.3 * wave(index, 1);
  return {
    ...bucket,
    spend: [{ amount: spend.toFixed(6), currency: 'USD' }],
    tokens: Math.round(spend * 440_661),
    calls: Math.round(spend * 181),
  };
});

const total = (pick: (bucket: (typeof series)[number]) => number): number =>
  series.reduce((sum, bucket) => sum + pick(bucket), 0);
const calls = total((bucket) => bucket.calls);
const tokens = total((bucket) => bucket.tokens);

/** Thirty days of spend, all priced. */
export const tokenSpendAnswer: TokenSpend = {
  insight: 'token-spend',
  range: exampleRange(21, 51),
  basis: 'effective',
  spend: [{ amount: sumDecimals(series.map((bucket) => bucket.spend[0]?.amount ?? '0')), currency: 'USD' }],
  calls,
  tokens: {
    total: tokens,
    prompt: Math.round(tokens * 0.82),
    completion: tokens - Math.round(tokens * 0.82),
  },
  pending: { calls: 0, tokens: null, share: 0, reasons: [] },
  unattributed: { calls: Math.round(calls * 0.002), share: 0.002 },
  previous: {
    range: exampleRange(-9, 21),
    spend: [{ amount: '2551.736400', currency: 'USD' }],
    calls: 452_000,
    tokens: { total: 1_100_000_000, prompt: null, completion: null },
  },
  series,
  scope: { organizationId: 'org_acme', customerId: null, customerName: null, visibility: 'operator' },
  freshness: {
    asOf: exampleNow,
    cadence: 'live',
    openBucket: { start: buckets.at(-1)?.start ?? exampleNow, end: buckets.at(-1)?.end ?? exampleNow },
    pending: { calls: 0, tokens: null },
    withheld: [],
    engine: 'reference',
  },
};

const waiting = Math.round(calls * 0.004);

/** The same with calls that have no price yet. */
export const tokenSpendPending: TokenSpend = {
  ...tokenSpendAnswer,
  pending: {
    calls: waiting,
    tokens: 5_136_000,
    share: 0.004,
    reasons: [{ reason: 'unknown_model', calls: waiting }],
  },
  freshness: { ...tokenSpendAnswer.freshness, pending: { calls: waiting, tokens: 5_136_000 } },
};

/** Before the first call. */
export const tokenSpendEmpty: TokenSpend = {
  ...tokenSpendAnswer,
  spend: [],
  calls: 0,
  tokens: { total: null, prompt: null, completion: null },
  unattributed: { calls: 0, share: 0 },
  previous: null,
  series: buckets.map((bucket) => ({ ...bucket, spend: [], tokens: null, calls: 0 })),
};

/** Seen by somebody who may see tokens and no money. */
export const tokenSpendWithheld: TokenSpend = {
  ...tokenSpendAnswer,
  spend: [],
  previous: null,
  series: series.map((bucket) => ({ ...bucket, spend: [] })),
  freshness: { ...tokenSpendAnswer.freshness, withheld: ['cost'] },
};

/** Calls of which none has a price yet. */
export const tokenSpendAllPending: TokenSpend = {
  ...tokenSpendWithheld,
  pending: { calls, tokens, share: 1, reasons: [{ reason: 'no_price', calls }] },
  freshness: { ...tokenSpendAnswer.freshness, pending: { calls, tokens } },
};

/** Spend in two currencies. */
export const tokenSpendTwoCurrencies: TokenSpend = {
  ...tokenSpendAnswer,
  spend: [...tokenSpendAnswer.spend, { amount: '312.404100', currency: 'EUR' }],
};
