import {
  identifierSchema,
  type AnswerScope,
  type Permission,
  type Principal,
  type Visibility,
} from '@tallykit/protocol';
import {
  hasPermission,
  maySeeField,
  requirePermission,
  visibilityOf,
  type FieldLabel,
  type FieldSettings,
} from '../access/policy.ts';
import { unauthenticated } from '../access/access-problems.ts';
import type { Clock } from '../primitives/clock.ts';
import type { FlowPlan, InvoicePlan, PendingPlan, ReadPlan } from '../storage/contract/read-plan.ts';
import type { ReadPosition, ReadScope, RowOf } from '../storage/contract/scoped-reader.ts';
import type { StoredPrice } from '../storage/contract/price-store.ts';
import type { OrganizationRecord, Storage } from '../storage/contract/storage.ts';
import { invalidCustomer, tooDetailed } from './dataset-problems.ts';
import type { EventSettings } from './fact-dataset.ts';
import { everReportedIn, type EverReported } from './ever-reported.ts';
import { mergePendingReasons } from './merge-pending-reasons.ts';
import { maskEvent, withheldOfCall, type VisibleRecord } from './mask-event.ts';
import { mergeFacts } from './merge-facts.ts';
import { mergeUsage, pendingOf } from './merge-usage.ts';
import { orderRows } from './order-rows.ts';
import { planCalls } from './plan-calls.ts';
import { planFacts } from './plan-facts.ts';
import { maxPlanRows, planUsage, readableRange } from './plan-usage.ts';
import type {
  CallsQuestion,
  FactQuestion,
  FactReading,
  Reading,
  Span,
  UsageQuestion,
  UsageReading,
  Who,
} from './question.ts';
import { requireFields } from './require-fields.ts';
import { resolveAsker } from './resolve-asker.ts';
import { withholdColumns, withholdFields } from './withhold-fields.ts';

/** What decides about answers besides the asker. */
export interface DoorSettings extends FieldSettings, EventSettings {
  /** Days that the dataset `token_usage` shows; 90 unless told. */
  readonly tokenUsageWindowDays: number;
}

/** What the door is made of. */
export interface DoorOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly settings: DoorSettings;
}

/** Rows as they were read, and how current they are. */
export interface RowsReading<Row> extends Reading {
  readonly rows: readonly Row[];
}

/** One who asks, with rights resolved: can read what those rights cover, and nothing else. */
export interface Asker {
  readonly organization: OrganizationRecord;
  readonly visibility: Visibility;
  readonly scope: AnswerScope;
  /** The customers that are in scope; `all` for the whole organization and what names no customer. */
  readonly customers: ReadScope['customers'];
  /** Whether all customers of the organization are in scope. */
  readonly wholeOrganization: boolean;
  readonly settings: DoorSettings;
  /** Name of the storage engine that answers. */
  readonly engine: string;
  /** Unix milliseconds at which the question was asked. */
  readonly now: number;
  /** Tells askers apart: organization, person and whose figures. */
  readonly identity: string;
  sees(label: FieldLabel): boolean;
  holds(permission: Permission): boolean;
  /** Throws 403 unless the asker holds the leaf. */
  demand(permission: Permission): void;
  /** Whether a question may name this customer. */
  mayName(customerId: string): boolean;
  /** Sums of calls. Throws 400 `too_detailed` or `currency_cut_required`, 403 `field_withheld`. */
  usage(question: UsageQuestion): Promise<UsageReading>;
  /** Figures over events of a kind. Throws 400 `too_detailed` or `currency_cut_required`, 403 `field_withheld`. */
  facts(question: FactQuestion): Promise<FactReading>;
  /** A page of calls and one call more when there is another; `head` is the place in the log that it was read at. */
  calls(question: CallsQuestion): Promise<RowsReading<VisibleRecord> & { readonly head: number }>;
  /** Calls without a cost, by reason. */
  pendingReasons(range: Span, filters: PendingPlan['filters']): Promise<RowsReading<RowOf<PendingPlan>>>;
  /** Totals of posted invoices by day of issue and currency; `from` inclusive, `to` exclusive. */
  invoices(days: { readonly from: string; readonly to: string }): Promise<RowsReading<RowOf<InvoicePlan>>>;
  /** What providers reported and what was captured, of the whole organization; and which of it concerns the asker. */
  reconciliation(range: Span): Promise<ReconciliationReading>;
  /** The event with this id, or null. */
  call(id: string): Promise<Reading & { readonly record: VisibleRecord | null }>;
  /** The events of a trace, oldest first. */
  trace(traceId: string, limit: number): Promise<RowsReading<VisibleRecord>>;
  /** The events of a conversation, oldest first. */
  conversation(conversationId: string, limit: number): Promise<RowsReading<VisibleRecord>>;
  /** A flow as it was registered, or null. */
  flow(id: string): Promise<RowOf<FlowPlan> | null>;
  /** Signs positions in lists. */
  cursorSecret(): Promise<string>;
  /** Price rows by id; none for whoever may not see them. */
  prices(ids: readonly string[]): Promise<readonly StoredPrice[]>;
  /** Names by id; an id without a name stands for itself. */
  names(of: 'customer' | 'flow', ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Rows for the reconciler. */
export interface ReconciliationReading extends Reading {
  readonly reported: readonly RowOf<Extract<ReadPlan, { kind: 'provider_lines' }>>[];
  readonly captured: readonly RowOf<Extract<ReadPlan, { kind: 'captured' }>>[];
  /** Providers of which a line was ever given: the first day of their lines, and when they were last read (Unix milliseconds). */
  readonly everReported: ReadonlyMap<string, EverReported>;
  /** `day provider` of what the asker's own calls touch; null when all of it concerns the asker. */
  readonly concerns: ReadonlySet<string> | null;
}

/** The one way to figures for a person. */
export interface Door {
  readonly settings: DoorSettings;
  /**
   * Resolves who asks. Throws 403 when the principal may not see analytics, or names a customer that is not its own.
   *
   * @example
   * const asker = await door.enter(principal, { customerId: 'cus_42' });
   * const { rows, pending } = await asker.usage(question);
   */
  enter(principal: Principal, who?: Who): Promise<Asker>;
}

/**
 * Makes the one door: nothing else reads facts for a person. Each question goes the same way: principal, permission,
 * withhold fields, plan, read within the scope, mask, tell how current it is.
 */
export function createDoor({ storage, clock, settings }: DoorOptions): Door {
  return {
    settings,
    async enter(principal, who = {}) {
      requirePermission(principal, 'analytics.view');
      for (const id of [who.asCustomer, who.customerId, principal.customerId || undefined]) {
        if (id !== undefined && !isCustomerId(id)) throw invalidCustomer();
      }
      const { organizationId } = principal;
      const organization = await storage.organization(organizationId);
      if (organization === null) throw unauthenticated();
      const below =
        principal.includeDescendants === true && principal.customerId !== undefined
          ? await storage
              .forScope({ organizationId, customers: [principal.customerId] })
              .descendants(principal.customerId)
          : [];
      const { principal: asking, scope } = resolveAsker(principal, who, below);
      const [only] = scope.customers === 'all' || scope.customers.length > 1 ? [] : scope.customers;
      return askerOf({
        storage,
        settings,
        organization,
        scope,
        principal: asking,
        now: clock.now(),
        customer: only === undefined ? null : { id: only, name: await nameOf(storage, scope, only) },
      });
    },
  };
}

// Half of a pair of surrogates is no text that a database takes.
function isCustomerId(id: string): boolean {
  return identifierSchema.safeParse(id).success && id.isWellFormed();
}

const dayMs = 86_400_000;

interface AskerParts {
  readonly storage: Storage;
  readonly settings: DoorSettings;
  readonly organization: OrganizationRecord;
  readonly scope: ReadScope;
  readonly principal: Principal;
  readonly now: number;
  readonly customer: { readonly id: string; readonly name: string | null } | null;
}

function askerOf(parts: AskerParts): Asker {
  const { storage, settings, organization, scope, principal, now, customer } = parts;
  const visibility = visibilityOf(principal);
  const reader = storage.forScope(scope);
  const sees = (label: FieldLabel): boolean => maySeeField(label, visibility, settings);

  async function rowsOf<Plan extends ReadPlan>(plan: Plan): Promise<RowsReading<RowOf<Plan>>> {
    const { rows, position } = await reader.read(plan);
    return { rows, asOf: position.asOf, withheld: [] };
  }

  return {
    organization,
    visibility,
    settings,
    now,
    engine: storage.engine,
    customers: scope.customers,
    wholeOrganization: scope.customers === 'all',
    scope: {
      organizationId: organization.id,
      customerId: customer?.id ?? null,
      customerName: customer?.name ?? null,
      visibility,
    },
    identity: JSON.stringify([storage.engine, scope, principal.subject, principal.role]),
    sees,
    holds: (permission) => hasPermission(principal, permission),
    demand: (permission) => requirePermission(principal, permission),
    mayName: (customerId) => scope.customers === 'all' || scope.customers.includes(customerId),

    async usage(question) {
      requireFields(principal, question);
      const { measures, withheld } = withholdFields(question, sees);
      const plans = planUsage(question, measures, {
        visibility,
        now,
        scope,
        organizationTimeZone: organization.timeZone,
      });
      const [sums, distinct, pending] = await Promise.all([
        reader.read(plans.sums),
        plans.distinct && reader.read(plans.distinct),
        plans.pending && reader.read(plans.pending),
      ]);
      const answers = [sums, distinct, pending].filter((answer) => answer !== null);
      refuseTooManyRows(answers);
      const merged = mergeUsage(question, measures, visibility, {
        sums: sums.rows,
        distinct: distinct?.rows ?? [],
      });
      const limit = question.limit ?? merged.rows.length;
      return {
        rows: orderRows(merged.rows, question).slice(0, limit),
        truncated: merged.rows.length > limit,
        pending: pendingOf((pending ?? sums).rows),
        currency: merged.currency,
        withheld,
        asOf: oldest(answers.map((answer) => answer.position)),
      };
    },

    async facts(question) {
      requireFields(principal, question);
      const { measures, withheld } = withholdFields(question, sees);
      const plans = planFacts(question, measures, settings);
      const [figures, amounts] = await Promise.all([
        reader.read(plans.figures),
        plans.amounts && reader.read(plans.amounts),
      ]);
      const answers = [figures, amounts].filter((answer) => answer !== null);
      refuseTooManyRows(answers);
      const merged = mergeFacts(question, measures, { figures: figures.rows, amounts: amounts?.rows ?? [] });
      const limit = question.limit ?? merged.rows.length;
      return {
        rows: orderRows(merged.rows, question).slice(0, limit),
        truncated: merged.rows.length > limit,
        currency: merged.currency,
        withheld,
        asOf: oldest(answers.map((answer) => answer.position)),
      };
    },

    async calls(question) {
      requireFields(principal, question);
      const withheld = withholdColumns(question, sees);
      const { rows, position } = await reader.read(planCalls(question, visibility));
      return {
        rows: rows.map((record) => maskEvent(record, sees)),
        head: position.head,
        asOf: position.asOf,
        withheld,
      };
    },

    async pendingReasons(range, filters) {
      const readable = readableRange(range, now, organization.timeZone);
      const { rows, ...reading } = await rowsOf({ kind: 'pending', range: readable, filters });
      return { ...reading, rows: mergePendingReasons(rows, visibility) };
    },

    invoices: ({ from, to }) => rowsOf({ kind: 'invoices', fromDay: from, toDay: to, customerId: null }),

    reconciliation: (range) => readReconciliation(storage, scope, { range, now }),

    async call(id) {
      const { rows, position } = await reader.read({ kind: 'call', id });
      const [record] = rows;
      return {
        record: record ? maskEvent(record, sees) : null,
        asOf: position.asOf,
        withheld: withheldOfCall(sees),
      };
    },

    async trace(traceId, limit) {
      const { rows, position } = await reader.read({ kind: 'trace', traceId, limit });
      return {
        rows: rows.map((record) => maskEvent(record, sees)),
        asOf: position.asOf,
        withheld: withheldOfCall(sees),
      };
    },

    async conversation(conversationId, limit) {
      const { rows, position } = await reader.read({ kind: 'conversation', conversationId, limit });
      return {
        rows: rows.map((record) => maskEvent(record, sees)),
        asOf: position.asOf,
        withheld: withheldOfCall(sees),
      };
    },

    async flow(id) {
      const { rows } = await reader.read({ kind: 'flow', id });
      return rows[0] ?? null;
    },

    cursorSecret: () => storage.cursorSecret(),

    async prices(ids) {
      if (!sees('operator') || ids.length === 0) return [];
      // Prices are the organization's, whichever customer an operator looks at.
      const { rows } = await storage
        .forScope({ organizationId: organization.id, customers: 'all' })
        .read({ kind: 'prices', ids });
      return rows;
    },

    async names(of, ids) {
      if (ids.length === 0) return new Map();
      const { rows } = await reader.read({ kind: 'names', of, ids });
      const known = new Map(rows.map((row) => [row.id, row.name]));
      return new Map(ids.map((id) => [id, known.get(id) ?? id]));
    },
  };
}

/**
 * A provider's report is about the whole organization, so whether it matches can only be told of the whole. Whoever is
 * bound to customers learns it for the days and providers of their own calls; amounts are left out further on.
 */
async function readReconciliation(
  storage: Storage,
  scope: ReadScope,
  { range, now }: { readonly range: Span; readonly now: number },
): Promise<ReconciliationReading> {
  const everything = storage.forScope({ organizationId: scope.organizationId, customers: 'all' });
  const [reported, captured, own, ever] = await Promise.all([
    everything.read({ kind: 'provider_lines', range }),
    everything.read({ kind: 'captured', range }),
    scope.customers === 'all' ? null : storage.forScope(scope).read({ kind: 'captured', range }),
    everything.read({ kind: 'provider_lines', range: { from: 0, to: Math.max(range.to, now + dayMs) } }),
  ]);
  return {
    reported: reported.rows,
    captured: captured.rows,
    everReported: everReportedIn(ever.rows),
    concerns: own && new Set(own.rows.map((row) => `${row['day']} ${row['provider']}`)),
    asOf: oldest([captured.position, ...(own ? [own.position] : [])]),
    withheld: [],
  };
}

function refuseTooManyRows(answers: readonly { readonly rows: readonly unknown[] }[]): void {
  if (answers.every(({ rows }) => rows.length <= maxPlanRows)) return;
  throw tooDetailed(
    `It has more than ${maxPlanRows} rows: ask with fewer dimensions, a wider grain or a shorter range.`,
  );
}

async function nameOf(storage: Storage, scope: ReadScope, id: string): Promise<string | null> {
  const { rows } = await storage.forScope(scope).read({ kind: 'names', of: 'customer', ids: [id] });
  return rows[0]?.name ?? null;
}

function oldest(positions: readonly ReadPosition[]): number {
  return Math.min(...positions.map((position) => position.asOf));
}
