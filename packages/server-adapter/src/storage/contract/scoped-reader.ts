import type { CostEntry, TokenUsage, UsageEvent } from '@tallykit/protocol';
import type { CostDraft } from './append.ts';
import type { StoredPrice } from './price-store.ts';
import type {
  CallPlan,
  CallsPlan,
  CapturedPlan,
  ConversationPlan,
  CustomersPlan,
  FactPlan,
  FlowPlan,
  InvoicePlan,
  NamesPlan,
  PendingPlan,
  PricesPlan,
  ProviderLinePlan,
  ReadPlan,
  TracePlan,
  UsagePlan,
} from './read-plan.ts';

declare const scopeBrand: unique symbol;

/** The organization and customers that may be read: a capability, made only by `access/`. */
export interface ReadScope {
  readonly organizationId: string;
  /** `all`: every customer and what is unattributed. Otherwise just these customers. */
  readonly customers: 'all' | readonly string[];
  readonly [scopeBrand]?: true;
}

/** A cell of an answer. Amounts are decimal strings in their shortest form; instants are Unix milliseconds. */
export type Cell = string | number | null;

/** Where the sums stood when a plan was read. */
export interface ReadPosition {
  /** Log entries up to here are in the sums. */
  readonly cursor: number;
  readonly head: number;
  /** Unix milliseconds: all that was recorded before is in the answer. */
  readonly asOf: number;
}

/** One event with what it cost. */
export interface EventRecord {
  readonly event: UsageEvent;
  readonly occurredAt: number;
  readonly receivedAt: number;
  readonly supersededBy: string | null;
  /** What counts for a call: its own usage, or that of a second sighting; null when neither reported any. */
  readonly usage: TokenUsage | null;
  /** Oldest first. */
  readonly entries: readonly (CostEntry & {
    readonly list: string | null;
    readonly effective: string | null;
  })[];
  /** What stands now; null when the event is no call that counts. */
  readonly standing: CostDraft | null;
}

/** Rows of each kind of plan. */
export type RowOf<Plan extends ReadPlan> = Plan extends
  UsagePlan | PendingPlan | InvoicePlan | ProviderLinePlan | CapturedPlan | FactPlan
  ? Readonly<Record<string, Cell>>
  : Plan extends CallPlan | TracePlan | CallsPlan | ConversationPlan
    ? EventRecord
    : Plan extends NamesPlan
      ? { readonly id: string; readonly name: string }
      : Plan extends FlowPlan
        ? { readonly id: string; readonly name: string; readonly steps: readonly string[] }
        : Plan extends CustomersPlan
          ? {
              readonly id: string;
              readonly name: string;
              readonly stub: boolean;
              readonly parentCustomerId: string | null;
            }
          : Plan extends PricesPlan
            ? StoredPrice
            : never;

/** The only object that reads for people. */
export interface ScopedReader {
  /** Rows and the position they were read at, from one snapshot. */
  read<Plan extends ReadPlan>(
    plan: Plan,
  ): Promise<{ readonly rows: readonly RowOf<Plan>[]; readonly position: ReadPosition }>;
  /**
   * Ids of the customers below `customerId`, itself included and first, the rest in order; a cycle in the data ends the
   * walk. Empty when `customerId` is not in scope. The ones below need not be in scope: this is how a scope is made.
   */
  descendants(customerId: string): Promise<readonly string[]>;
}
