import type { FilterOperator, Grain, UsageEventKind } from '@tallykit/protocol';
import type { EventField, EventNumber } from './event-fields.ts';
import type { RollupNodeId } from './lattice.ts';

/** Dimensions of the usage fact (one row an LLM call). */
export type UsageDimension =
  | 'customer'
  | 'provider'
  | 'model'
  | 'flow'
  | 'product'
  | 'configuration'
  | 'environment'
  | 'status'
  | 'user'
  | 'price'
  | 'currency';

/**
 * Measures of the usage fact. Counts are integers; tokens are null when nothing reported any; amounts are decimal strings,
 * null when nothing has one, and need `currency` among the dimensions.
 *
 * - `calls`, `errors`, `aborted_calls`, `unattributed_calls` count final attempts. Tokens and amounts hold what earlier
 *   attempts reported as well.
 * - `pending_calls` counts calls (and attempts that carry usage) without a cost; `pending_tokens` are their tokens.
 * - `messages` are distinct message ids, and calls without one, that have a token total; `conversations` likewise are
 *   distinct conversation ids. Both are read from `raw`, or from a day node when every dimension and filter is one of
 *   `presenceDimensions`.
 * - Counts and tokens stand under the currency and price of a call's first entry (null when it was pending), so they never
 *   move; amounts stand under their own.
 */
export type UsageMeasure =
  | 'calls'
  | 'errors'
  | 'aborted_calls'
  | 'prompt_tokens'
  | 'completion_tokens'
  | 'total_tokens'
  | 'pending_calls'
  | 'pending_tokens'
  | 'unattributed_calls'
  | 'list_amount'
  | 'effective_amount'
  | 'charge_amount'
  | 'messages'
  | 'message_tokens'
  | 'conversations'
  | 'conversation_tokens';

/**
 * One condition on a dimension. `isNull` is a call that names none; `ne` holds for those as well. `contains` looks for the
 * text as written. Texts compare by code point.
 */
export interface PlanFilter<Field extends string = string> {
  readonly field: Field;
  readonly operator: FilterOperator;
  readonly values: readonly (string | number)[];
}

/** How rows are cut by time: the cell `bucket` is the Unix milliseconds of the bucket's start in `timeZone`. */
export interface PlanBucket {
  readonly grain: Grain;
  readonly timeZone: string;
}

/** A span, Unix milliseconds, `from` inclusive, `to` exclusive. */
export interface PlanRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Sums of calls by dimensions. Frozen plain data; engines print it. Rows are records of `bucket` (when asked for), each
 * dimension and each measure; without bucket and dimensions there is exactly one row.
 */
export interface UsagePlan {
  readonly kind: 'usage';
  /**
   * A node of the lattice, or `raw` for the events themselves. Both give the same answer once the sums have caught up. A
   * node needs a range that begins and ends with its own buckets (quarter hours UTC, days of the organization's zone),
   * every dimension and filter among its keys, and for a scope of single customers the key `customer`; anything else is
   * `unsupported_plan`.
   */
  readonly source: RollupNodeId | 'raw';
  readonly range: PlanRange;
  readonly bucket: PlanBucket | null;
  readonly dimensions: readonly UsageDimension[];
  readonly measures: readonly UsageMeasure[];
  readonly filters: readonly PlanFilter<UsageDimension>[];
  /** Fields among `bucket`, dimensions and measures; nulls last; ties by bucket and dimensions. */
  readonly orderBy: readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[];
  readonly limit: number;
}

/** Calls without a cost in a range, by reason, read from the log's head: rows `{reason, calls, tokens}`. */
export interface PendingPlan {
  readonly kind: 'pending';
  readonly range: PlanRange;
  readonly filters: readonly PlanFilter<'customer' | 'environment' | 'provider' | 'model'>[];
}

/**
 * Totals of posted invoices by day of issue and currency, in that order: rows `{day, currency, incl_tax_minor, excl_tax_minor,
 * invoices}`. Minor units are whole numbers as text.
 */
export interface InvoicePlan {
  readonly kind: 'invoices';
  /** Days, `from` inclusive, `to` exclusive. */
  readonly fromDay: string;
  readonly toDay: string;
  readonly customerId: string | null;
}

/**
 * The newest provider lines that begin in a range, summed by UTC day, provider and currency, in that order: rows `{day,
 * provider, currency, cost, tokens, requests, lines, allocated_lines, fetched_at}`. Allocated lines name a customer. Lines
 * without a cost have no currency. Empty unless all customers are in scope.
 */
export interface ProviderLinePlan {
  readonly kind: 'provider_lines';
  readonly range: PlanRange;
}

/**
 * Calls by UTC day, provider and currency, in that order: rows `{day, provider, currency, effective_amount, list_amount,
 * total_tokens, calls, pending_calls, aborted_calls}`. The range is cut to whole UTC days.
 */
export interface CapturedPlan {
  readonly kind: 'captured';
  readonly range: PlanRange;
}

/** One event by id with its cost entries: rows of one `{event, ...}` record, none when it is unknown or foreign. */
export interface CallPlan {
  readonly kind: 'call';
  readonly id: string;
}

/** The events of a trace, oldest first, each with the cost that stands. */
export interface TracePlan {
  readonly kind: 'trace';
  readonly traceId: string;
  readonly limit: number;
}

/** Events of which a field has one of these values. */
export interface FactCondition {
  readonly field: EventField;
  readonly in: readonly string[];
}

/**
 * One figure over the events of a group. `where` narrows the events that it looks at.
 *
 * - `count`: how many there are, or how many have the number `of`.
 * - `distinct`: how many different values a field has; events without one are left out.
 * - `reached`: how many values of `of` have at least so many events under each condition.
 * - `sum`: a decimal string, null when no event has the number.
 * - `percentile`: nearest rank, null when no event has the number.
 */
export type FactAggregate =
  | { readonly kind: 'count'; readonly of?: EventNumber; readonly where?: FactCondition }
  | { readonly kind: 'distinct'; readonly of: EventField; readonly where?: FactCondition }
  | {
      readonly kind: 'reached';
      readonly of: EventField;
      readonly least: readonly { readonly count: number; readonly where: FactCondition }[];
    }
  | { readonly kind: 'sum'; readonly of: EventNumber; readonly where?: FactCondition }
  | {
      readonly kind: 'percentile';
      readonly of: EventNumber;
      /** 0 to 1. */
      readonly fraction: number;
      readonly where?: FactCondition;
    };

/**
 * Figures over events of one kind, read from the events themselves up to the head of the log. Rows are records of `bucket`
 * (when asked for), each dimension and each measure by its name, in order of bucket and dimensions; without bucket and
 * dimensions there is exactly one row.
 */
export interface FactPlan {
  readonly kind: 'facts';
  readonly of: Exclude<UsageEventKind, 'llm_call'>;
  /**
   * Runs instead of events: of all events that name the same run of the same flow and customer, the one that tells how the
   * run stands, at the time of the first. An end outranks `running`, and a later one an earlier one. Looked for up to
   * {@link longestRunMs} before and after the range.
   */
  readonly standing: boolean;
  readonly range: PlanRange;
  readonly bucket: PlanBucket | null;
  readonly dimensions: readonly EventField[];
  /** By names that are no dimension's. */
  readonly measures: Readonly<Record<string, FactAggregate>>;
  readonly filters: readonly PlanFilter<EventField>[];
  readonly limit: number;
}

/** A run that lasts longer is taken for a new one at its end. */
export const longestRunMs = 31 * 86_400_000;

/**
 * Fields of a call that a list can be narrowed by: those of its event, whether it is a second sighting (`true`, `false`), the
 * state of its cost (`pending`, `priced`, `not_counted`), and why it is pending.
 */
export type CallField = EventField | 'superseded' | 'cost_state' | 'pending_reason';

/** LLM calls, one row an attempt, second sightings included, newest first by id. */
export interface CallsPlan {
  readonly kind: 'calls';
  readonly range: PlanRange;
  readonly filters: readonly PlanFilter<CallField>[];
  /** Only ids below this one; null for the newest. */
  readonly before: string | null;
  /** Only events that stand in the log up to here; null for its head. */
  readonly upTo: number | null;
  readonly limit: number;
}

/** The events of a conversation, oldest first, each with the cost that stands. */
export interface ConversationPlan {
  readonly kind: 'conversation';
  readonly conversationId: string;
  readonly limit: number;
}

/** A flow as it was registered: one row `{id, name, steps}`, none when nobody registered it. */
export interface FlowPlan {
  readonly kind: 'flow';
  readonly id: string;
}

/** Names by id, in order of id. Unknown ids, and customers out of scope, are left out. */
export interface NamesPlan {
  readonly kind: 'names';
  readonly of: 'customer' | 'flow';
  readonly ids: readonly string[];
}

/** Customers in scope, by name. Rows `{id, name, stub, parent_customer_id}`. */
export interface CustomersPlan {
  readonly kind: 'customers';
  readonly limit: number;
}

/** Price rows by id. None unless all customers are in scope. */
export interface PricesPlan {
  readonly kind: 'prices';
  readonly ids: readonly string[];
}

/** Anything that can be read for a person. */
export type ReadPlan =
  | UsagePlan
  | PendingPlan
  | InvoicePlan
  | ProviderLinePlan
  | CapturedPlan
  | CallPlan
  | TracePlan
  | FactPlan
  | CallsPlan
  | ConversationPlan
  | FlowPlan
  | NamesPlan
  | CustomersPlan
  | PricesPlan;
