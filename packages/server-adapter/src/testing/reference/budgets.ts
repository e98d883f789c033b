import { addDecimals } from '../../primitives/money.ts';
import type {
  BudgetAttributes,
  BudgetReading,
  BudgetRecord,
  BudgetRules,
  BudgetSelection,
  BudgetSpan,
  BudgetSpend,
  ReservationDraft,
  ReservationOutcome,
  StoredBudget,
} from '../../storage/contract/budget-store.ts';
import type { PutCount } from '../../storage/contract/ledger-store.ts';
import type { HeldPart } from './budget-state.ts';
import { compareText } from './compare-cells.ts';
import { standingCost, type LoggedEvent, type OrganizationState } from './organization-state.ts';
import { usageFacts } from './usage-facts.ts';

const attributes = ['customerId', 'productId', 'flow', 'keyId'] as const;

function covers(scope: BudgetAttributes, call: BudgetAttributes): boolean {
  return attributes.every((name) => scope[name] === null || scope[name] === call[name]);
}

const attributesOf = ({ event, keyId }: LoggedEvent): BudgetAttributes => ({
  customerId: event.customerId ?? null,
  productId: event.productId ?? null,
  flow: event.flow ?? null,
  keyId,
});

function sum<Fact>(facts: readonly Fact[], pick: (fact: Fact) => number | null): number | null {
  const known = facts.map(pick).filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}

function holdCounts(state: OrganizationState, hold: HeldPart, budget: StoredBudget, at: number): boolean {
  if (hold.liftsAt <= at) return false;
  const logged = state.events.get(hold.eventId);
  if (logged === undefined) return true;
  const { event } = logged;
  if (event.kind !== 'llm_call') return false;
  const last = [...state.events.values()].find(
    ({ event: other }) =>
      other.kind === 'llm_call' &&
      other.final &&
      other.callId === event.callId &&
      other.traceId === event.traceId,
  );
  if (last === undefined) return true;
  const isPending = standingCost(state.entries.get(last.event.id) ?? [])?.kind === 'pending';
  return isPending && budget.limit.unit === 'money';
}

function spendOf(state: OrganizationState, budget: StoredBudget, span: BudgetSpan, at: number): BudgetSpend {
  const events = new Map(
    [...state.events].filter(([, logged]) => covers(budget.scope, attributesOf(logged))),
  );
  const facts = usageFacts({ ...state, events }, state.sequence).filter(
    ({ occurredAt }) => occurredAt >= span.from && (span.to === null || occurredAt < span.to),
  );
  const currency = budget.limit.unit === 'money' ? budget.limit.currency : null;
  const amounts = facts
    .filter((fact) => fact.keys.currency === currency)
    .map((fact) => fact[budget.amountKind])
    .filter((amount) => amount !== null);
  const others = facts
    .map((fact) => fact.keys.currency)
    .filter((known) => known !== null && known !== currency);
  const holds = state.budgets.holds.filter(({ budgetId }) => budgetId === budget.id);
  const held = holds.filter((hold) => holdCounts(state, hold, budget, at));
  return {
    calls: sum(facts, (fact) => fact.calls) ?? 0,
    tokens: sum(facts, (fact) => fact.totalTokens),
    amount: currency === null || amounts.length === 0 ? null : amounts.reduce(addDecimals, '0'),
    pendingCalls: sum(facts, (fact) => fact.pendingCalls) ?? 0,
    pendingTokens: sum(facts, (fact) => fact.pendingTokens),
    otherCurrencies: currency === null ? [] : [...new Set(others.filter((known) => known !== null))].sort(),
    reservedAmount: held.map(({ amount }) => amount).reduce(addDecimals, '0'),
    reservedTokens: held.reduce((total, { tokens }) => total + tokens, 0),
    admittedLately: holds.filter(({ madeAt }) => madeAt > at - 60_000).length,
  };
}

function readingOf(
  state: OrganizationState,
  budget: StoredBudget,
  rules: BudgetRules,
  at: number,
): BudgetReading {
  const span = rules.spanOf(budget);
  const spend = spendOf(state, budget, span, at);
  const { crossings } = state.budgets;
  for (const level of rules.levelsPassed(budget, spend)) {
    const key = `${budget.id} ${span.from} ${level}`;
    if (!crossings.has(key)) crossings.set(key, { budgetId: budget.id, from: span.from, level, at });
  }
  return {
    budget,
    span,
    spend,
    crossings: [...crossings.values()]
      .filter(({ budgetId, from }) => budgetId === budget.id && from === span.from)
      .map(({ level, at: noticed }) => ({ level, at: noticed }))
      .sort((a, b) => a.level - b.level),
  };
}

function selected(state: OrganizationState, selection: BudgetSelection): StoredBudget[] {
  const all = [...state.budgets.records.values()].sort((a, b) => compareText(a.id, b.id));
  if (selection.kind === 'call') return all.filter(({ scope }) => covers(scope, selection.attributes));
  const { customers, chargedOnly, ids, after, limit } = selection;
  return all
    .filter(({ scope: { customerId } }) =>
      customers === 'all' ? true : customerId !== null && customers.includes(customerId),
    )
    .filter((budget) => !chargedOnly || budget.limit.unit === 'tokens' || budget.amountKind === 'charge')
    .filter(({ id }) => (ids === null || ids.includes(id)) && (after === null || compareText(id, after) > 0))
    .slice(0, limit);
}

/** Budgets and where each stands. */
export function readBudgets(
  state: OrganizationState,
  selection: BudgetSelection,
  { rules, at }: { readonly rules: BudgetRules; readonly at: number },
): readonly BudgetReading[] {
  return selected(state, selection).map((budget) => readingOf(state, budget, rules, at));
}

const essence = ({ id, name, scope, limit, window, action, warnAt, ...rest }: BudgetRecord): string =>
  JSON.stringify([
    ...[id, name, attributes.map((key) => scope[key]), limit.unit, limit.amount],
    ...[limit.unit === 'money' ? limit.currency : null, window, action, warnAt],
    ...[rest.callsPerMinute, rest.owner, rest.amountKind],
  ]);

const measured = ({ scope, limit, window, amountKind }: BudgetRecord): string =>
  JSON.stringify([attributes.map((key) => scope[key]), limit, window, amountKind]);

function forgetCrossings(state: OrganizationState, id: string): void {
  for (const [key, { budgetId }] of state.budgets.crossings) {
    if (budgetId === id) state.budgets.crossings.delete(key);
  }
}

/** Stores budgets by id. */
export function putBudgets(state: OrganizationState, budgets: readonly BudgetRecord[], at: number): PutCount {
  const changed = budgets.filter((budget) => {
    const known = state.budgets.records.get(budget.id);
    if (known !== undefined && essence(known) === essence(budget)) return false;
    if (known !== undefined && measured(known) !== measured(budget)) forgetCrossings(state, budget.id);
    state.budgets.records.set(budget.id, { ...budget, createdAt: known?.createdAt ?? at, updatedAt: at });
    return true;
  });
  return { stored: changed.length, unchanged: budgets.length - changed.length };
}

/** Takes a budget away with what is held under it. */
export function deleteBudget(state: OrganizationState, id: string): boolean {
  forgetCrossings(state, id);
  const { holds, records } = state.budgets;
  holds.splice(0, holds.length, ...holds.filter(({ budgetId }) => budgetId !== id));
  return records.delete(id);
}

/** Holds parts of budgets for one call. */
export function reserveBudgets(
  state: OrganizationState,
  draft: ReservationDraft,
  { rules, at }: { readonly rules: BudgetRules; readonly at: number },
): ReservationOutcome {
  const readings = readBudgets(state, { kind: 'call', attributes: draft.attributes }, { rules, at });
  const { holds } = state.budgets;
  const known = holds.find(({ reservationId }) => reservationId === draft.id);
  if (known !== undefined && known.body !== draft.body)
    return { status: 'conflict', readings, liftsAt: null };
  if (known !== undefined && known.liftsAt > at) return { status: 'known', readings, liftsAt: known.liftsAt };
  const parts = draft.decide(readings);
  if (parts === null) return { status: 'refused', readings, liftsAt: null };
  const { id, body, customerId, liftsAt } = draft;
  const others = holds.filter(({ reservationId }) => reservationId !== id);
  const made = parts.map((part) => ({
    ...part,
    reservationId: id,
    eventId: id,
    ...{ body, customerId, madeAt: at, liftsAt },
  }));
  holds.splice(0, holds.length, ...others, ...made);
  return { status: 'held', readings, liftsAt };
}

/** Lifts a hold, now or when its event is in. */
export function releaseBudgets(
  state: OrganizationState,
  release: { readonly id: string; customerId: string | null; eventId: string | null; liftsAt: number },
): boolean {
  const own = state.budgets.holds.filter(
    ({ reservationId, customerId }) =>
      reservationId === release.id && (release.customerId === null || customerId === release.customerId),
  );
  for (const hold of own) {
    hold.liftsAt = Math.min(hold.liftsAt, release.liftsAt);
    hold.eventId = release.eventId ?? hold.eventId;
  }
  return own.length > 0;
}
