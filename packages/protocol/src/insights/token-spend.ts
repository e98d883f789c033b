import * as z from 'zod/mini';
import { answerScopeSchema, freshnessSchema, type AnswerScope, type Freshness } from '../freshness.ts';
import { amountBasisSchema, moneySchema, type AmountBasis, type Money } from '../money.ts';
import { countSchema } from '../text.ts';
import { timeBucketSchema, timeRangeSchema, type TimeBucket, type TimeRange } from '../time-range.ts';

/** Tokens of a set of calls; null where none of them reported any. */
export interface TokenTotals {
  readonly total: number | null;
  readonly prompt: number | null;
  readonly completion: number | null;
}

/** Checks {@link TokenTotals}; open. */
export const tokenTotalsSchema = z.object({
  total: z.nullable(countSchema),
  prompt: z.nullable(countSchema),
  completion: z.nullable(countSchema),
});

/** Answer to `GET /v1/insights/token-spend?from&to&timeZone&customerId&environment`; the last 30 days unless told. */
export interface TokenSpend {
  readonly insight: 'token-spend';
  readonly range: TimeRange;
  /** Which amount `spend` is: `effective` for operators, `charge` for customers. */
  readonly basis: AmountBasis;
  /** One amount a currency, empty when no call has a cost yet. */
  readonly spend: readonly Money[];
  /** Operators only: the three amounts side by side. */
  readonly amounts?:
    | {
        readonly list: readonly Money[];
        readonly effective: readonly Money[];
        readonly charge: readonly Money[];
      }
    | undefined;
  readonly calls: number;
  readonly tokens: TokenTotals;
  /** Calls without a cost yet; `share` is their part of all calls, 0 to 1. */
  readonly pending: {
    readonly calls: number;
    readonly tokens: number | null;
    readonly share: number;
    readonly reasons: readonly { readonly reason: string; readonly calls: number }[];
  };
  /** Calls that name no customer. */
  readonly unattributed: { readonly calls: number; readonly share: number };
  /** The span of equal length just before, for comparison; null when nothing was recorded in it. */
  readonly previous: {
    readonly range: TimeRange;
    readonly spend: readonly Money[];
    readonly calls: number;
    readonly tokens: TokenTotals;
  } | null;
  /** By day (by hour for spans of up to two days). */
  readonly series: readonly (TimeBucket & {
    readonly spend: readonly Money[];
    readonly tokens: number | null;
    readonly calls: number;
  })[];
  readonly scope: AnswerScope;
  readonly freshness: Freshness;
}

const spend = z.array(moneySchema);

/** Checks a {@link TokenSpend}; open. */
export const tokenSpendSchema = z.object({
  insight: z.literal('token-spend'),
  range: timeRangeSchema,
  basis: amountBasisSchema,
  spend,
  amounts: z.optional(z.object({ list: spend, effective: spend, charge: spend })),
  calls: countSchema,
  tokens: tokenTotalsSchema,
  pending: z.object({
    calls: countSchema,
    tokens: z.nullable(countSchema),
    share: z.number(),
    reasons: z.array(z.object({ reason: z.string(), calls: countSchema })),
  }),
  unattributed: z.object({ calls: countSchema, share: z.number() }),
  previous: z.nullable(
    z.object({ range: timeRangeSchema, spend, calls: countSchema, tokens: tokenTotalsSchema }),
  ),
  series: z.array(z.extend(timeBucketSchema, { spend, tokens: z.nullable(countSchema), calls: countSchema })),
  scope: answerScopeSchema,
  freshness: freshnessSchema,
});
