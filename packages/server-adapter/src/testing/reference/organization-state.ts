import type {
  CostEntry,
  LedgerCustomer,
  LedgerFlow,
  LedgerInvoice,
  ProviderLine,
  TokenUsage,
} from '@tallykit/protocol';
import type { AppendEvent, CostDraft, ReportedLoss } from '../../storage/contract/append.ts';
import type { AuditRecord } from '../../storage/contract/audit-store.ts';
import type { StoredKey } from '../../storage/contract/key-store.ts';
import type { StoredPrice } from '../../storage/contract/price-store.ts';
import type { OrganizationRecord } from '../../storage/contract/storage.ts';
import { createBudgetState, type BudgetState } from './budget-state.ts';

/** An event in the log. */
export interface LoggedEvent extends AppendEvent {
  readonly sequence: number;
  readonly supersededBy: string | null;
  /** Whether it has cost entries: a call that is no second sighting. */
  readonly counted: boolean;
}

/** A cost entry in the log. */
export type LoggedEntry = CostEntry & CostDraftFields & { readonly recordedAtMs: number };

type CostDraftFields = Omit<CostDraft, 'kind'>;

/** Usage that a second sighting brought for a call that had none. */
export interface SuppliedUsage {
  readonly sequence: number;
  readonly byEventId: string;
  readonly usage: TokenUsage;
}

/** A customer as put or as met in an event. */
export interface CustomerRow {
  readonly customer: LedgerCustomer;
  readonly stub: boolean;
}

/** A demand to forget a customer, carried out when the sums reach its place in the log. */
export interface Erasure {
  readonly sequence: number;
  readonly customerId: string;
  readonly pseudonym: string;
  done: boolean;
}

/** Everything the reference store knows of one organization. */
export interface OrganizationState {
  record: OrganizationRecord;
  sequence: number;
  priceVersion: number;
  cursor: number;
  readonly events: Map<string, LoggedEvent>;
  readonly entries: Map<string, LoggedEntry[]>;
  readonly supplied: Map<string, SuppliedUsage>;
  /** Event ids by provider and response id. */
  readonly claims: Map<string, string>;
  /** When each sequence number was recorded. */
  readonly recordedAt: Map<number, number>;
  readonly customers: Map<string, CustomerRow>;
  readonly invoices: Map<string, LedgerInvoice>;
  readonly flows: Map<string, LedgerFlow>;
  /** The newest line under each provider and source id; all former ones stay in `formerLines`. */
  readonly lines: Map<string, ProviderLine>;
  readonly formerLines: ProviderLine[];
  readonly prices: Map<string, StoredPrice>;
  readonly keys: Map<string, StoredKey & { readonly hash: string }>;
  readonly audit: AuditRecord[];
  readonly losses: (ReportedLoss & { readonly at: number; readonly keyId: string | null })[];
  readonly erasures: Erasure[];
  readonly budgets: BudgetState;
}

/** An organization that nothing has happened to yet. */
export function createOrganizationState(record: OrganizationRecord): OrganizationState {
  return {
    record,
    sequence: 0,
    priceVersion: 1,
    cursor: 0,
    events: new Map(),
    entries: new Map(),
    supplied: new Map(),
    claims: new Map(),
    recordedAt: new Map(),
    customers: new Map(),
    invoices: new Map(),
    flows: new Map(),
    lines: new Map(),
    formerLines: [],
    prices: new Map(),
    keys: new Map(),
    audit: [],
    losses: [],
    erasures: [],
    budgets: createBudgetState(),
  };
}

/** The next place in the organization's log, recorded at `at`. */
export function nextSequence(state: OrganizationState, at: number): number {
  state.sequence += 1;
  state.recordedAt.set(state.sequence, at);
  return state.sequence;
}

/** The cost that stands for a call by its entries up to `sequence`; null when it has none. */
export function standingCost(entries: readonly LoggedEntry[], sequence = Infinity): CostDraft | null {
  const last = entries.filter((entry) => entry.sequence <= sequence).at(-1);
  if (last === undefined) return null;
  return {
    kind: last.kind === 'pending' ? 'pending' : 'priced',
    reason: last.reason,
    currency: last.currency,
    list: last.list,
    effective: last.effective,
    charge: last.charge,
    listPriceId: last.listPriceId,
    effectivePriceId: last.effectivePriceId,
    lines: last.lines,
  };
}
