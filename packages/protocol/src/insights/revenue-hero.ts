import * as z from 'zod/mini';
import { answerScopeSchema, freshnessSchema, type AnswerScope, type Freshness } from '../freshness.ts';
import { moneySchema, type Money } from '../money.ts';
import { countSchema } from '../text.ts';
import { timeBucketSchema, timeRangeSchema, type TimeBucket, type TimeRange } from '../time-range.ts';

/**
 * Answer to `GET /v1/insights/revenue-hero?from&to&timeZone&customerId`; the current month unless told.
 * Revenue here is invoiced revenue: the totals of posted invoices by day of issue. It is not a projection and not cash.
 */
export interface RevenueHero {
  readonly insight: 'revenue-hero';
  readonly range: TimeRange;
  /** Totals of posted invoices with tax, one amount a currency. */
  readonly invoiced: readonly Money[];
  /** The same without tax. */
  readonly invoicedExclTax: readonly Money[];
  readonly invoices: number;
  /** The span that it is compared with: as many days, from the start of the month (or span) before. Null when it holds no invoice. */
  readonly previous: {
    readonly range: TimeRange;
    readonly invoiced: readonly Money[];
    readonly invoices: number;
  } | null;
  /** By day; empty amounts on days without an invoice. */
  readonly series: readonly (TimeBucket & {
    readonly invoiced: readonly Money[];
    readonly invoices: number;
  })[];
  readonly scope: AnswerScope;
  readonly freshness: Freshness;
}

const amounts = z.array(moneySchema);

/** Checks a {@link RevenueHero}; open. */
export const revenueHeroSchema = z.object({
  insight: z.literal('revenue-hero'),
  range: timeRangeSchema,
  invoiced: amounts,
  invoicedExclTax: amounts,
  invoices: countSchema,
  previous: z.nullable(z.object({ range: timeRangeSchema, invoiced: amounts, invoices: countSchema })),
  series: z.array(z.extend(timeBucketSchema, { invoiced: amounts, invoices: countSchema })),
  scope: answerScopeSchema,
  freshness: freshnessSchema,
});
