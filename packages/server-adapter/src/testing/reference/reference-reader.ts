import type { Clock } from '../../primitives/clock.ts';
import { whyNodeCannotAnswer, whyNothingCanAnswer } from '../../storage/contract/node-answers.ts';
import type { CallsPlan, ReadPlan, UsagePlan } from '../../storage/contract/read-plan.ts';
import type {
  EventRecord,
  ReadPosition,
  ReadScope,
  RowOf,
  ScopedReader,
} from '../../storage/contract/scoped-reader.ts';
import { StorageError } from '../../storage/contract/storage-error.ts';
import { compareText } from './compare-cells.ts';
import type { OrganizationState } from './organization-state.ts';
import { callFieldOf, readFacts } from './read-facts.ts';
import { inScope, meets, readUsage } from './read-usage.ts';
import * as plans from './read-plans.ts';
import type { SharedState } from './reference-organization.ts';

function checkAnswerable(state: OrganizationState, scope: ReadScope, plan: UsagePlan): void {
  const question = { ...plan, customers: scope.customers, organizationTimeZone: state.record.timeZone };
  const why =
    whyNothingCanAnswer(plan) ?? (plan.source === 'raw' ? null : whyNodeCannotAnswer(plan.source, question));
  if (why !== null) throw new StorageError('unsupported_plan', `The plan cannot be read: ${why}.`);
}

function listedCalls(state: OrganizationState, scope: ReadScope, plan: CallsPlan): readonly EventRecord[] {
  const { range, before, upTo, filters } = plan;
  const listed = plans.readEvents(
    state,
    scope,
    (logged) =>
      logged.event.kind === 'llm_call' &&
      logged.occurredAt >= range.from &&
      logged.occurredAt < range.to &&
      (before === null || compareText(logged.event.id, before) < 0) &&
      (upTo === null || logged.sequence <= upTo) &&
      filters.every((filter) => meets(callFieldOf(state, logged, filter.field), filter)),
  );
  return listed.toReversed().slice(0, plan.limit);
}

function rowsOf(
  state: OrganizationState,
  shared: SharedState,
  scope: ReadScope,
  plan: ReadPlan,
): readonly unknown[] {
  switch (plan.kind) {
    case 'usage':
      checkAnswerable(state, scope, plan);
      return readUsage(state, scope, plan);
    case 'pending':
      return plans.readPending(state, scope, plan);
    case 'invoices':
      return plans.readInvoices(state, scope, plan);
    case 'provider_lines':
      return plans.readProviderLines(state, scope, plan);
    case 'captured':
      return plans.readCaptured(state, scope, plan);
    case 'call':
      return plans.readEvents(state, scope, ({ event }) => event.id === plan.id);
    case 'trace':
      return plans
        .readEvents(state, scope, ({ event }) => event.traceId === plan.traceId)
        .slice(0, plan.limit);
    case 'conversation':
      return plans
        .readEvents(state, scope, ({ event }) => event.conversationId === plan.conversationId)
        .slice(0, plan.limit);
    case 'facts':
      return readFacts(state, scope, plan);
    case 'calls':
      return listedCalls(state, scope, plan);
    case 'flow': {
      const flow = state.flows.get(plan.id);
      return flow === undefined ? [] : [{ id: flow.id, name: flow.name, steps: flow.steps ?? [] }];
    }
    case 'names':
      return plans.readNames(state, scope, plan);
    case 'customers':
      return plans.readCustomers(state, scope, plan);
    case 'prices':
      if (scope.customers !== 'all') return [];
      return [...state.prices.values(), ...shared.catalogue.values()]
        .filter(({ id }) => plan.ids.includes(id))
        .sort((a, b) => compareText(a.id, b.id));
  }
}

function positionOf(state: OrganizationState, clock: Clock): ReadPosition {
  const caughtUp = state.cursor >= state.sequence;
  return {
    cursor: state.cursor,
    head: state.sequence,
    asOf: caughtUp ? clock.now() : (state.recordedAt.get(state.cursor + 1) ?? clock.now()),
  };
}

function descendantsOf(state: OrganizationState, customerId: string): string[] {
  const found = new Set([customerId]);
  for (const parent of found) {
    for (const { customer } of state.customers.values()) {
      if (customer.parentCustomerId === parent) found.add(customer.id);
    }
  }
  found.delete(customerId);
  return [customerId, ...[...found].sort(compareText)];
}

/** The read side of one scope, in memory. */
export function referenceReader(
  scope: ReadScope,
  shared: SharedState,
  { clock, open }: { readonly clock: Clock; readonly open: () => void },
): ScopedReader {
  const stateOf = (): OrganizationState | undefined => shared.organizations.get(scope.organizationId);
  return {
    async read<Plan extends ReadPlan>(plan: Plan) {
      open();
      const state = stateOf();
      if (state === undefined) return { rows: [], position: { cursor: 0, head: 0, asOf: clock.now() } };
      // The switch over kinds is what ties a plan to its rows; the compiler cannot follow it through the type parameter.
      const rows = rowsOf(state, shared, scope, plan) as readonly RowOf<Plan>[];
      return { rows, position: positionOf(state, clock) };
    },
    async descendants(customerId) {
      open();
      const state = stateOf();
      return state === undefined || !inScope(customerId, scope) ? [] : descendantsOf(state, customerId);
    },
  };
}
