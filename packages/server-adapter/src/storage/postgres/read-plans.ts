import type { CostEntry, TokenUsage } from '@tallykit/protocol';
import { dayOf } from '../../primitives/time-bucket.ts';
import type {
  CapturedPlan,
  CustomersPlan,
  InvoicePlan,
  NamesPlan,
  PendingPlan,
  PricesPlan,
  ProviderLinePlan,
  UsagePlan,
} from '../contract/read-plan.ts';
import type { Cell, EventRecord, ReadScope } from '../contract/scoped-reader.ts';
import type { StoredPrice } from '../contract/price-store.ts';
import { sql, type RawBuilder } from 'kysely';
import { arrayLiteral } from './array-literal.ts';
import { costColumnList, draftOfRow, shortest, type CostRow } from './cost-row.ts';
import { eventColumnList, eventOfRow, type EventColumns } from './event-row.ts';
import { priceColumns, priceOfRow, type PriceColumns } from './price-rows.ts';
import { printSql } from './print-sql.ts';
import { readUsage } from './read-usage.ts';
import { dimensionColumns } from './rollup-columns.ts';
import type { SqlSession } from './sql-database.ts';
import { allOf, filterCondition, scopeCondition } from './usage-filters.ts';

type Row = Readonly<Record<string, Cell>>;

/** A session that reads within one scope. */
export interface ScopedSession {
  readonly session: SqlSession;
  readonly scope: ReadScope;
  readonly timeZone: string;
}

const dayMs = 86_400_000;
const instant = (ms: number): string => new Date(ms).toISOString();

async function rowsOf<Result = Row>(
  session: SqlSession,
  statement: RawBuilder<unknown>,
): Promise<readonly Result[]> {
  const printed = printSql(statement);
  return session.query<Result>(printed.sql, printed.parameters);
}

/** Calls without a cost, by reason. */
export function readPending({ session, scope }: ScopedSession, plan: PendingPlan): Promise<readonly Row[]> {
  const filters = plan.filters.map((filter) =>
    filterCondition(`waiting.${dimensionColumns[filter.field]}`, filter),
  );
  return rowsOf(
    session,
    sql`select nullif(reason, '') as reason, count(*)::float8 as calls, sum(tokens)::float8 as tokens from (
        select reason, tokens, coalesce(customer_id, '') as customer_id, coalesce(environment, '') as environment,
          coalesce(provider, '') as provider, coalesce(model, '') as model
        from tallykit.pending_call where organization_id = ${scope.organizationId}
          and occurred_at >= ${instant(plan.range.from)} and occurred_at < ${instant(plan.range.to)}
          and ${scopeCondition('customer_id', scope)}
      ) waiting where ${allOf(filters)} group by waiting.reason order by nullif(waiting.reason, '') collate "C" nulls last`,
  );
}

/** Posted invoices by day and currency. */
export function readInvoices({ session, scope }: ScopedSession, plan: InvoicePlan): Promise<readonly Row[]> {
  const one = plan.customerId === null ? sql`true` : sql`customer_id = ${plan.customerId}`;
  return rowsOf(
    session,
    sql`select issue_date::text as day, currency, sum(total_incl_tax)::text as incl_tax_minor,
        sum(total_excl_tax)::text as excl_tax_minor, count(*)::float8 as invoices
      from tallykit.invoice where organization_id = ${scope.organizationId} and status = 'posted'
        and issue_date >= ${plan.fromDay} and issue_date < ${plan.toDay} and ${one}
        and ${scopeCondition('customer_id', scope)}
      group by issue_date, currency order by issue_date, currency collate "C"`,
  );
}

/** The newest provider lines by day, provider and currency. */
export async function readProviderLines(
  { session, scope }: ScopedSession,
  plan: ProviderLinePlan,
): Promise<readonly Row[]> {
  if (scope.customers !== 'all') return [];
  const rows = await rowsOf(
    session,
    sql`select (starts_at at time zone 'UTC')::date::text as day, provider, currency, sum(amount)::text as cost,
        sum(tokens)::float8 as tokens, sum(requests)::float8 as requests, count(*)::float8 as lines,
        count(customer_id)::float8 as allocated_lines, tallykit.ms_of(max(fetched_at)) as fetched_at
      from tallykit.provider_line where organization_id = ${scope.organizationId} and is_current
        and starts_at >= ${instant(plan.range.from)} and starts_at < ${instant(plan.range.to)}
      group by 1, provider, currency order by 1, provider collate "C", currency collate "C" nulls last`,
  );
  return rows.map((row) => ({ ...row, cost: shortest((row['cost'] ?? null) as string | null) }));
}

/** Calls by UTC day, provider and currency. */
export async function readCaptured(scoped: ScopedSession, plan: CapturedPlan): Promise<readonly Row[]> {
  const usage: UsagePlan = {
    kind: 'usage',
    source: scoped.scope.customers === 'all' ? 'quarter_model' : 'raw',
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
  const rows = await readUsage(scoped.session, { ...scoped, plan: usage });
  return rows.map(({ bucket, ...row }) => ({ day: dayOf(Number(bucket), 'UTC'), ...row }));
}

type EventRow = EventColumns & {
  readonly rest: string;
  readonly occurred_at: number;
  readonly received_at: number;
  readonly superseded_by: string | null;
  readonly supplied: TokenUsage | null;
};

function entryOfRow(row: CostRow): EventRecord['entries'][number] {
  const { kind: _kind, ...draft } = draftOfRow(row);
  const entry: CostEntry = {
    ...draft,
    sequence: row.sequence,
    kind: row.kind,
    recordedAt: new Date(row.recorded_at).toISOString(),
  };
  return { ...entry, list: draft.list, effective: draft.effective };
}

/** Events that meet a condition on the alias `e`, oldest first, with their cost entries. */
export async function readEvents(
  { session, scope }: ScopedSession,
  condition: RawBuilder<unknown>,
  limit: number,
): Promise<readonly EventRecord[]> {
  const events = await rowsOf<EventRow>(
    session,
    sql`select ${sql.raw(eventColumnList)}, tallykit.ms_of(e.occurred_at) as occurred_at,
        tallykit.ms_of(e.received_at) as received_at, e.superseded_by, s.usage as supplied
      from tallykit.event e
      left join tallykit.supplied_usage s on s.organization_id = e.organization_id and s.event_id = e.id
      where e.organization_id = ${scope.organizationId} and ${condition}
        and ${scopeCondition('e.customer_id', scope)} order by e.id limit ${limit}`,
  );
  const costs = await rowsOf<CostRow & { readonly event_id: string }>(
    session,
    sql`select c.event_id, ${sql.raw(costColumnList)} from tallykit.cost_entry c
      where c.organization_id = ${scope.organizationId}
        and c.event_id = any (${arrayLiteral(events.map(({ id }) => id))}::uuid[]) order by c.event_id, c.sequence`,
  );
  return events.map((row) => {
    const own = costs.filter(({ event_id: id }) => id === row.id);
    const last = own.at(-1);
    const event = eventOfRow(row);
    return {
      event,
      occurredAt: row.occurred_at,
      receivedAt: row.received_at,
      supersededBy: row.superseded_by,
      usage: row.supplied ?? (event.kind === 'llm_call' ? event.usage : undefined) ?? null,
      entries: own.map(entryOfRow),
      standing: last === undefined ? null : draftOfRow(last),
    };
  });
}

/** Names of customers or flows. */
export function readNames({ session, scope }: ScopedSession, plan: NamesPlan) {
  const condition = plan.of === 'customer' ? scopeCondition('id', scope) : sql`true`;
  return rowsOf<{ readonly id: string; readonly name: string }>(
    session,
    sql`select id, name from tallykit.${sql.raw(plan.of)} where organization_id = ${scope.organizationId}
      and id = any (${arrayLiteral(plan.ids)}::text[]) and ${condition} order by id collate "C"`,
  );
}

/** Customers in scope by name. */
export function readCustomers({ session, scope }: ScopedSession, plan: CustomersPlan) {
  return rowsOf<{
    readonly id: string;
    readonly name: string;
    readonly stub: boolean;
    readonly parentCustomerId: string | null;
  }>(
    session,
    sql`select id, name, stub, parent_customer_id as "parentCustomerId" from tallykit.customer
      where organization_id = ${scope.organizationId} and ${scopeCondition('id', scope)}
      order by name collate "C", id collate "C" limit ${plan.limit}`,
  );
}

/** Price rows by id. */
export async function readPrices(
  { session, scope }: ScopedSession,
  plan: PricesPlan,
): Promise<readonly StoredPrice[]> {
  if (scope.customers !== 'all') return [];
  const rows = await rowsOf<PriceColumns>(
    session,
    sql`select ${sql.raw(priceColumns)} from tallykit.price
      where organization_id in (${scope.organizationId}, '') and id = any (${arrayLiteral(plan.ids)}::text[])
      order by id collate "C"`,
  );
  return rows.map(priceOfRow);
}
