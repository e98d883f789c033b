import type { FilterOperator, Grain } from '@tallykit/protocol';
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
 * Measures of the usage fact. Counts are integers; `prompt_tokens`, `completion_tokens`, `total_tokens` and each bucket are
 * null when no call reported them; amounts are decimal strings and need `currency` among the dimensions.
 * `messages` and `conversations` are distinct counts over calls with a token total.
 */
export type UsageMeasure =
  | 'calls'
  | 'errors'
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

/** One condition on a dimension. `isNull` is a call that names none. */
export interface PlanFilter<Field extends string = string> {
  readonly field: Field;
  readonly operator: FilterOperator;
  readonly values: readonly (string | number)[];
}

/** How rows are cut by time: keys are the Unix milliseconds of each bucket's start in `timeZone`. */
export interface PlanBucket {
  readonly grain: Grain;
  readonly timeZone: string;
}

/** A span, Unix milliseconds, `from` inclusive, `to` exclusive. */
export interface PlanRange {
  readonly from: number;
  readonly to: number;
}

/** Sums of calls by dimensions. Frozen plain data; engines print it. */
export interface UsagePlan {
  readonly kind: 'usage';
  /** A node of the lattice, or `raw` for the events themselves. Both must give the same answer. */
  readonly source: RollupNodeId | 'raw';
  readonly range: PlanRange;
  readonly bucket: PlanBucket | null;
  readonly dimensions: readonly UsageDimension[];
  readonly measures: readonly UsageMeasure[];
  readonly filters: readonly PlanFilter<UsageDimension>[];
  readonly orderBy: readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[];
  readonly limit: number;
}

/** Calls without a cost in a range, by reason: rows `{reason, calls, tokens}`. */
export interface PendingPlan {
  readonly kind: 'pending';
  readonly range: PlanRange;
  readonly filters: readonly PlanFilter<'customer' | 'environment' | 'provider' | 'model'>[];
}

/** Totals of posted invoices by day of issue and currency: rows `{day, currency, incl_tax_minor, excl_tax_minor, invoices}`. */
export interface InvoicePlan {
  readonly kind: 'invoices';
  /** Days, `from` inclusive, `to` exclusive. */
  readonly fromDay: string;
  readonly toDay: string;
  readonly customerId: string | null;
}

/** The newest provider lines of a range, summed by UTC day, provider and currency:
 * rows `{day, provider, currency, cost, tokens, requests, lines, allocated_lines, fetched_at}`. */
export interface ProviderLinePlan {
  readonly kind: 'provider_lines';
  readonly range: PlanRange;
}

/** Calls by UTC day, provider and currency: rows `{day, provider, currency, effective_amount, list_amount, total_tokens, calls, pending_calls, aborted_calls}`. */
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

/** Names by id. */
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

/** Price rows by id. */
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
  | NamesPlan
  | CustomersPlan
  | PricesPlan;
