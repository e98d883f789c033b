import * as z from 'zod/mini';
import { answerScopeSchema, freshnessSchema, type AnswerScope, type Freshness } from '../freshness.ts';
import { moneySchema, type Money } from '../money.ts';
import { reconciliationStates, type ReconciliationState } from '../reconciliation.ts';
import { countSchema, daySchema, instantSchema } from '../text.ts';
import { timeRangeSchema, type TimeRange } from '../time-range.ts';

/** One provider on one UTC day. */
export interface ReconciliationDay {
  readonly day: string;
  readonly state: ReconciliationState;
  /** Part of the provider's cost (or tokens, where it states no cost) that our calls account for, 0 to 1; null when unknown. */
  readonly coverage: number | null;
  /** Operators only. What the provider reported. */
  readonly reported?:
    | { readonly tokens: number | null; readonly requests: number | null; readonly cost: readonly Money[] }
    | undefined;
  /** Operators only. What was captured here. */
  readonly captured?:
    | {
        readonly tokens: number | null;
        readonly calls: number;
        readonly cost: readonly Money[];
        readonly pendingCalls: number;
      }
    | undefined;
  /** Operators only. Reported minus captured, with the likely reasons by code. */
  readonly residual?:
    | { readonly tokens: number | null; readonly cost: readonly Money[]; readonly reasons: readonly string[] }
    | undefined;
}

/** One provider over the range. */
export interface ReconciliationProvider {
  /** The provider's name; customers get it only when the host shows provider names. */
  readonly provider: string | null;
  /** When its report was last read; null when never. */
  readonly fetchedAt: string | null;
  readonly days: readonly ReconciliationDay[];
}

/** Answer to `GET /v1/insights/reconciliation-status?from&to&customerId`; the last 14 days unless told. Days are UTC days, as providers report them. */
export interface ReconciliationStatus {
  readonly insight: 'reconciliation-status';
  readonly range: TimeRange;
  /** The state of the whole: the worst one of closed days; `not_configured` when no provider line was ever given. */
  readonly state: ReconciliationState;
  /** Last day through which every provider is matched, or null. */
  readonly matchedThrough: string | null;
  readonly coverage: number | null;
  /** Operators only. */
  readonly totals?:
    | {
        readonly reported: readonly Money[];
        readonly captured: readonly Money[];
        readonly unexplained: readonly Money[];
      }
    | undefined;
  readonly providers: readonly ReconciliationProvider[];
  /** How many days each state holds. */
  readonly counts: readonly { readonly state: ReconciliationState; readonly days: number }[];
  readonly scope: AnswerScope;
  readonly freshness: Freshness;
}

const amounts = z.array(moneySchema);
const tokens = z.nullable(z.number());
const state = z.enum(reconciliationStates);

/** Checks a {@link ReconciliationStatus}; open. */
export const reconciliationStatusSchema = z.object({
  insight: z.literal('reconciliation-status'),
  range: timeRangeSchema,
  state,
  matchedThrough: z.nullable(daySchema),
  coverage: z.nullable(z.number()),
  totals: z.optional(z.object({ reported: amounts, captured: amounts, unexplained: amounts })),
  providers: z.array(
    z.object({
      provider: z.nullable(z.string()),
      fetchedAt: z.nullable(instantSchema),
      days: z.array(
        z.object({
          day: daySchema,
          state,
          coverage: z.nullable(z.number()),
          reported: z.optional(z.object({ tokens, requests: z.nullable(countSchema), cost: amounts })),
          captured: z.optional(
            z.object({ tokens, calls: countSchema, cost: amounts, pendingCalls: countSchema }),
          ),
          residual: z.optional(z.object({ tokens, cost: amounts, reasons: z.array(z.string()) })),
        }),
      ),
    }),
  ),
  counts: z.array(z.object({ state, days: countSchema })),
  scope: answerScopeSchema,
  freshness: freshnessSchema,
});
