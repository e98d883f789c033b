import * as z from 'zod/mini';
import { answerScopeSchema, freshnessSchema, type AnswerScope, type Freshness } from '../freshness.ts';
import { amountBasisSchema, moneySchema, type AmountBasis, type Money } from '../money.ts';
import { countSchema } from '../text.ts';
import {
  grainSchema,
  timeBucketSchema,
  timeRangeSchema,
  type Grain,
  type TimeBucket,
  type TimeRange,
} from '../time-range.ts';

/** What usage can be grouped by. `none` gives one series. */
export const usageGroups = [
  'none',
  'model',
  'provider',
  'product',
  'flow',
  'configuration',
  'customer',
] as const;

/** One of {@link usageGroups}. */
export type UsageGroup = (typeof usageGroups)[number];

/** Figures of one series in one bucket. */
export interface UsagePoint {
  readonly calls: number;
  /** Null when none of the calls reported tokens. */
  readonly tokens: number | null;
  /** One amount a currency; empty when no call of the bucket has a cost. */
  readonly cost: readonly Money[];
  /** Calls of the bucket whose cost is not known yet. */
  readonly pendingCalls: number;
}

/** One series. */
export interface UsageSeries {
  /** The group's id; null for calls that name none. */
  readonly key: string | null;
  /** The group's name, or its id when no name is known. */
  readonly label: string | null;
  readonly total: UsagePoint;
  /** One point a bucket, in the order of `buckets`; null where nothing was recorded. */
  readonly points: readonly (UsagePoint | null)[];
}

/**
 * Answer to `GET /v1/insights/usage-over-time?from&to&timeZone&grain&groupBy&top&orderBy&customerId&environment`.
 * The last 30 days by day, top 5 by cost, unless told.
 */
export interface UsageOverTime {
  readonly insight: 'usage-over-time';
  readonly range: TimeRange;
  readonly grain: Grain;
  readonly groupBy: UsageGroup;
  readonly basis: AmountBasis;
  readonly buckets: readonly TimeBucket[];
  /** The largest groups, largest first. */
  readonly series: readonly UsageSeries[];
  /** All other groups as one series; null when there are none. */
  readonly others: (UsageSeries & { readonly groups: number }) | null;
  readonly total: UsagePoint;
  /** Groups that had calls in the range. */
  readonly groups: number;
  readonly scope: AnswerScope;
  readonly freshness: Freshness;
}

const point = z.object({
  calls: countSchema,
  tokens: z.nullable(countSchema),
  cost: z.array(moneySchema),
  pendingCalls: countSchema,
});
const series = z.object({
  key: z.nullable(z.string()),
  label: z.nullable(z.string()),
  total: point,
  points: z.array(z.nullable(point)),
});

/** Checks a {@link UsageOverTime}; open. */
export const usageOverTimeSchema = z.object({
  insight: z.literal('usage-over-time'),
  range: timeRangeSchema,
  grain: grainSchema,
  groupBy: z.enum(usageGroups),
  basis: amountBasisSchema,
  buckets: z.array(timeBucketSchema),
  series: z.array(series),
  others: z.nullable(z.extend(series, { groups: countSchema })),
  total: point,
  groups: countSchema,
  scope: answerScopeSchema,
  freshness: freshnessSchema,
});
