import { totalTokens } from '@tallykit/protocol';
import { addDecimals } from '../../primitives/money.ts';
import { dayOf } from '../../primitives/time-bucket.ts';
import type {
  CapturedPlan,
  CustomersPlan,
  InvoicePlan,
  NamesPlan,
  PendingPlan,
  ProviderLinePlan,
  UsagePlan,
} from '../../storage/contract/read-plan.ts';
import type { Cell, EventRecord, ReadScope } from '../../storage/contract/scoped-reader.ts';
import { compareText } from './compare-cells.ts';
import { inScope, meets, readUsage } from './read-usage.ts';
import { standingCost, type LoggedEvent, type OrganizationState } from './organization-state.ts';

const dayMs = 86_400_000;

function groupBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => readonly string[],
): [readonly string[], Item[]][] {
  const groups = new Map<string, [readonly string[], Item[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(JSON.stringify(key)) ?? [key, []];
    group[1].push(item);
    groups.set(JSON.stringify(key), group);
  }
  return [...groups.values()].sort(([a], [b]) => {
    const at = a.findIndex((part, index) => part !== b[index]);
    // An empty part stands for none and comes last.
    return at < 0 ? 0 : a[at] === '' ? 1 : b[at] === '' ? -1 : compareText(a[at] ?? '', b[at] ?? '');
  });
}

function sumOrNull(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value) => value != null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

/** Calls without a cost, by reason. */
export function readPending(
  state: OrganizationState,
  scope: ReadScope,
  plan: PendingPlan,
): Record<string, Cell>[] {
  const waiting = [...state.events.values()].filter(({ event, occurredAt }) => {
    if (occurredAt < plan.range.from || occurredAt >= plan.range.to || !inScope(event.customerId, scope))
      return false;
    const keys = {
      customer: event.customerId ?? null,
      environment: event.environment ?? null,
      provider: event.kind === 'llm_call' ? event.provider : null,
      model: event.kind === 'llm_call' ? event.requestModel : null,
    };
    return plan.filters.every((filter) => meets(keys[filter.field], filter));
  });
  const pending = waiting.flatMap(({ event }) => {
    const standing = standingCost(state.entries.get(event.id) ?? []);
    if (standing?.kind !== 'pending') return [];
    const usage =
      state.supplied.get(event.id)?.usage ?? (event.kind === 'llm_call' ? event.usage : undefined);
    return [{ reason: standing.reason ?? '', tokens: totalTokens(usage) }];
  });
  return groupBy(pending, ({ reason }) => [reason]).map(([[reason], calls]) => ({
    reason: reason ?? null,
    calls: calls.length,
    tokens: sumOrNull(calls.map(({ tokens }) => tokens)),
  }));
}

/** Posted invoices by day and currency. */
export function readInvoices(
  state: OrganizationState,
  scope: ReadScope,
  plan: InvoicePlan,
): Record<string, Cell>[] {
  const posted = [...state.invoices.values()].filter(
    ({ status, customerId, issueDate }) =>
      status === 'posted' &&
      issueDate >= plan.fromDay &&
      issueDate < plan.toDay &&
      inScope(customerId, scope) &&
      (plan.customerId === null || customerId === plan.customerId),
  );
  return groupBy(posted, ({ issueDate, currency }) => [issueDate, currency]).map(
    ([[day, currency], invoices]) => ({
      day: day ?? null,
      currency: currency ?? null,
      incl_tax_minor: String(invoices.reduce((sum, { totalInclTax }) => sum + BigInt(totalInclTax), 0n)),
      excl_tax_minor: String(invoices.reduce((sum, { totalExclTax }) => sum + BigInt(totalExclTax), 0n)),
      invoices: invoices.length,
    }),
  );
}

/** The newest provider lines by day, provider and currency. */
export function readProviderLines(
  state: OrganizationState,
  scope: ReadScope,
  plan: ProviderLinePlan,
): Record<string, Cell>[] {
  if (scope.customers !== 'all') return [];
  const chosen = [...state.lines.values()].filter(({ from }) => {
    const at = Date.parse(from);
    return at >= plan.range.from && at < plan.range.to;
  });
  const grouped = groupBy(chosen, (line) => [
    new Date(line.from).toISOString().slice(0, 10),
    line.provider,
    line.cost?.currency ?? '',
  ]);
  return grouped.map(([[day, provider, currency], lines]) => ({
    day: day ?? null,
    provider: provider ?? null,
    currency: currency === '' ? null : (currency ?? null),
    cost:
      currency === '' ? null : lines.reduce((sum, { cost }) => addDecimals(sum, cost?.amount ?? '0'), '0'),
    tokens: sumOrNull(lines.map(({ usage }) => totalTokens(usage))),
    requests: sumOrNull(lines.map(({ requests }) => requests)),
    lines: lines.length,
    allocated_lines: lines.filter(({ customerId }) => customerId !== undefined).length,
    fetched_at: Math.max(...lines.map(({ fetchedAt }) => Date.parse(fetchedAt))),
  }));
}

/** Calls by UTC day, provider and currency. */
export function readCaptured(
  state: OrganizationState,
  scope: ReadScope,
  plan: CapturedPlan,
): Record<string, Cell>[] {
  const usage: UsagePlan = {
    kind: 'usage',
    source: 'raw',
    range: {
      from: Math.floor(plan.range.from / dayMs) * dayMs,
      to: Math.ceil(plan.range.to / dayMs) * dayMs,
    },
    bucket: { grain: 'day', timeZone: 'UTC' },
    dimensions: ['provider', 'currency'],
    measures: ['effective_amount', 'list_amount', 'total_tokens', 'calls', 'pending_calls', 'aborted_calls'],
    filters: [],
    orderBy: [],
    limit: Number.MAX_SAFE_INTEGER,
  };
  return readUsage(state, scope, usage).map(({ bucket, ...row }) => ({
    day: dayOf(Number(bucket), 'UTC'),
    ...row,
  }));
}

function recordOf(state: OrganizationState, logged: LoggedEvent): EventRecord {
  const { event, occurredAt, receivedAt, supersededBy } = logged;
  const entries = state.entries.get(event.id) ?? [];
  return {
    event,
    occurredAt,
    receivedAt,
    supersededBy,
    usage: state.supplied.get(event.id)?.usage ?? (event.kind === 'llm_call' ? (event.usage ?? null) : null),
    entries: entries.map(({ recordedAtMs: _ms, ...entry }) => entry),
    standing: standingCost(entries),
  };
}

/** Events that meet `wanted`, oldest first. */
export function readEvents(
  state: OrganizationState,
  scope: ReadScope,
  wanted: (logged: LoggedEvent) => boolean,
): EventRecord[] {
  return [...state.events.values()]
    .filter((logged) => wanted(logged) && inScope(logged.event.customerId, scope))
    .sort((a, b) => compareText(a.event.id, b.event.id))
    .map((logged) => recordOf(state, logged));
}

/** Names of customers or flows. */
export function readNames(
  state: OrganizationState,
  scope: ReadScope,
  plan: NamesPlan,
): { id: string; name: string }[] {
  const named =
    plan.of === 'flow'
      ? [...state.flows.values()]
      : [...state.customers.values()].map(({ customer }) => customer).filter(({ id }) => inScope(id, scope));
  return named
    .filter(({ id }) => plan.ids.includes(id))
    .map(({ id, name }) => ({ id, name }))
    .sort((a, b) => compareText(a.id, b.id));
}

/** Customers in scope by name. */
export function readCustomers(state: OrganizationState, scope: ReadScope, plan: CustomersPlan) {
  return [...state.customers.values()]
    .filter(({ customer }) => inScope(customer.id, scope))
    .map(({ customer, stub }) => ({
      id: customer.id,
      name: customer.name,
      stub,
      parentCustomerId: customer.parentCustomerId ?? null,
    }))
    .sort((a, b) => compareText(a.name, b.name) || compareText(a.id, b.id))
    .slice(0, plan.limit);
}
