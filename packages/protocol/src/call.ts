import * as z from 'zod/mini';
import { answerScopeSchema, freshnessSchema, type AnswerScope, type Freshness } from './freshness.ts';
import { moneySchema, type DecimalString, type Money } from './money.ts';
import type { PriceRow } from './price.ts';
import type { UsageBucket, TokenUsage } from './token-usage.ts';

/** How one bucket of a call became money. `amount` is exact; an entry is rounded once, half-even, at 12 places. */
export interface CostLine {
  readonly bucket: UsageBucket | 'requests';
  readonly quantity: number;
  /** Price of `per` units. */
  readonly rate: DecimalString;
  readonly per: number;
  readonly amount: DecimalString;
  /** The tier whose rate was used, as the prompt tokens above which it holds; absent for the base rate. */
  readonly tierAbove?: number | undefined;
}

/** One append-only money row for a call. */
export interface CostEntry {
  readonly sequence: number;
  readonly kind: 'pending' | 'priced' | 'reversed' | 'adjustment';
  readonly recordedAt: string;
  /** Why there is no amount, for `pending`; why the amount is what it is where a note is due. */
  readonly reason: string | null;
  readonly currency: string | null;
  /** Told to the customer. */
  readonly charge: DecimalString | null;
  /** Operators only. */
  readonly list?: DecimalString | null | undefined;
  /** Operators only. */
  readonly effective?: DecimalString | null | undefined;
  /** Operators only: the price row of the list amount. */
  readonly listPriceId?: string | null | undefined;
  /** Operators only: the price row of the effective amount. */
  readonly effectivePriceId?: string | null | undefined;
  /** Operators only: the lines of the effective amount. */
  readonly lines?: readonly CostLine[] | undefined;
}

/** Answer to `GET /v1/calls/{id}`: the call, its cost entries, the price rows. */
export interface CallAnswer {
  readonly call: {
    readonly id: string;
    readonly callId: string;
    readonly traceId: string;
    readonly startedAt: string;
    readonly receivedAt: string;
    readonly attempt: number;
    readonly final: boolean;
    readonly customerId: string | null;
    readonly customerName: string | null;
    readonly userId: string | null;
    readonly productId: string | null;
    readonly flow: string | null;
    readonly configuration: string | null;
    readonly conversationId: string | null;
    readonly environment: string | null;
    /** Null, as the model names, for customers of a host that does not show provider names. */
    readonly provider: string | null;
    readonly requestModel: string | null;
    readonly responseModel: string | null;
    readonly operation: string;
    readonly status: 'ok' | 'error' | 'aborted';
    readonly complete: boolean;
    readonly errorClass: string | null;
    readonly httpStatus: number | null;
    readonly durationMs: number;
    readonly timeToFirstChunkMs: number | null;
    readonly usage: TokenUsage | null;
    readonly serviceTier: string | null;
    readonly batch: boolean | null;
    readonly region: string | null;
    readonly tags: Readonly<Record<string, string>>;
    /** Operators only. */
    readonly rawUsage?: Readonly<Record<string, number>> | null | undefined;
    /** Operators only. */
    readonly responseId?: string | null | undefined;
    /** Operators only. */
    readonly statedCost?: Money | null | undefined;
    /** Operators only. */
    readonly providerIds?:
      | {
          readonly projectId: string | null;
          readonly keyId: string | null;
          readonly requestId: string | null;
        }
      | undefined;
    /** The id of the event that counts instead, when this one is a second sighting of the same response. */
    readonly supersededBy: string | null;
  };
  readonly cost: {
    readonly state: 'pending' | 'priced' | 'not_counted';
    readonly reason: string | null;
    readonly charge: Money | null;
    readonly list?: Money | null | undefined;
    readonly effective?: Money | null | undefined;
  };
  readonly entries: readonly CostEntry[];
  /** Operators only: the rows that the entries name. */
  readonly prices?: readonly PriceRow[] | undefined;
  readonly scope: AnswerScope;
  readonly freshness: Freshness;
}

const text = z.nullable(z.string());

/** Checks the parts of a {@link CallAnswer} that a client reads; open. */
export const callAnswerSchema = z.looseObject({
  call: z.looseObject({
    id: z.string(),
    traceId: z.string(),
    startedAt: z.string(),
    provider: text,
    requestModel: text,
    status: z.enum(['ok', 'error', 'aborted']),
    durationMs: z.number(),
    timeToFirstChunkMs: z.nullable(z.number()),
    customerId: text,
  }),
  cost: z.looseObject({
    state: z.enum(['pending', 'priced', 'not_counted']),
    reason: text,
    charge: z.nullable(moneySchema),
  }),
  entries: z.array(
    z.looseObject({
      sequence: z.number(),
      kind: z.enum(['pending', 'priced', 'reversed', 'adjustment']),
      reason: text,
    }),
  ),
  scope: answerScopeSchema,
  freshness: freshnessSchema,
});

/** One span of a trace: a call, a signal or any other event. */
export interface TraceSpan {
  readonly id: string;
  readonly kind: string;
  readonly spanId: string | null;
  readonly parentSpanId: string | null;
  readonly startedAt: string;
  readonly durationMs: number | null;
  readonly name: string;
  readonly status: string | null;
  readonly customerId: string | null;
  readonly flow: string | null;
  readonly tokens: number | null;
  /** Null while the cost is pending, or for what is not a call. */
  readonly cost: Money | null;
  readonly pending: boolean;
}

/** Answer to `GET /v1/traces/{traceId}`. */
export interface TraceAnswer {
  readonly traceId: string;
  readonly spans: readonly TraceSpan[];
  /** True when the trace has more spans than an answer holds. */
  readonly truncated: boolean;
  readonly totals: {
    readonly calls: number;
    readonly tokens: number | null;
    readonly cost: readonly Money[];
    readonly pending: { readonly calls: number; readonly tokens: number | null };
  };
  readonly scope: AnswerScope;
  readonly freshness: Freshness;
}

/** Checks a {@link TraceAnswer}; open. */
export const traceAnswerSchema = z.looseObject({
  traceId: z.string(),
  spans: z.array(
    z.looseObject({
      id: z.string(),
      kind: z.string(),
      startedAt: z.string(),
      pending: z.boolean(),
      cost: z.nullable(moneySchema),
    }),
  ),
  truncated: z.boolean(),
  totals: z.looseObject({ calls: z.number(), tokens: z.nullable(z.number()), cost: z.array(moneySchema) }),
  scope: answerScopeSchema,
  freshness: freshnessSchema,
});
