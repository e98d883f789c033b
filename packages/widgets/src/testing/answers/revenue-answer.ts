import type { Money, RevenueHero } from '@tallykit/protocol';
import { sumDecimals } from '../../format/decimal.ts';
import { exampleDays, exampleNow, exampleRange, wave } from './calendar.ts';

const usd = (amount: string): readonly Money[] => [{ amount, currency: 'USD' }];
const buckets = exampleDays(31, 50);

const series = buckets.map((bucket, index) => {
  const quiet = index === 6;
  const amount = ((bucket.open ? 0.7 : 1) * 1990 * wave(index, 2)).toFixed(2);
  return { ...bucket, invoiced: quiet ? [] : usd(amount), invoices: quiet ? 0 : 3 + (index % 4) };
});
const invoiced = sumDecimals(series.map((bucket) => bucket.invoiced[0]?.amount ?? '0'));

/** Twenty days of November, one of them without an invoice. */
export const revenueAnswer: RevenueHero = {
  insight: 'revenue-hero',
  range: { ...exampleRange(31, 51), to: exampleNow },
  invoiced: usd(invoiced),
  invoicedExclTax: usd((Number(invoiced) / 1.19).toFixed(2)),
  invoices: series.reduce((sum, bucket) => sum + bucket.invoices, 0),
  previous: {
    range: { ...exampleRange(0, 20), to: '2026-10-20T08:42:00.000Z' },
    invoiced: usd((Number(invoiced) / 1.098).toFixed(2)),
    invoices: 81,
  },
  series,
  scope: { organizationId: 'org_acme', customerId: null, customerName: null, visibility: 'operator' },
  freshness: {
    asOf: exampleNow,
    cadence: 'on_write',
    openBucket: { start: buckets.at(-1)?.start ?? exampleNow, end: buckets.at(-1)?.end ?? exampleNow },
    pending: { calls: 0, tokens: null },
    withheld: [],
    engine: 'reference',
  },
};

/** Before the first invoice. */
export const revenueEmpty: RevenueHero = {
  ...revenueAnswer,
  invoiced: [],
  invoicedExclTax: [],
  invoices: 0,
  previous: null,
  series: buckets.map((bucket) => ({ ...bucket, invoiced: [], invoices: 0 })),
};

/** A month without invoices after one that had some: a measured zero. */
export const revenueZero: RevenueHero = { ...revenueEmpty, previous: revenueAnswer.previous };

/** Invoices in two currencies. */
export const revenueTwoCurrencies: RevenueHero = {
  ...revenueAnswer,
  invoiced: [...revenueAnswer.invoiced, { amount: '4120.00', currency: 'EUR' }],
};

/** Seen by somebody who may count invoices and not see their amounts. */
export const revenueWithheld: RevenueHero = {
  ...revenueAnswer,
  invoiced: [],
  invoicedExclTax: [],
  previous: null,
  series: series.map((bucket) => ({ ...bucket, invoiced: [] })),
  freshness: { ...revenueAnswer.freshness, withheld: ['invoiced'] },
};
