import { smallestUuidV7 } from '../../primitives/uuid-v7.ts';
import type { BudgetReading, BudgetRules, BudgetSpan } from '../contract/budget-store.ts';
import { unknownOrganization } from './advance-rollups.ts';
import { arrayLiteral } from './array-literal.ts';
import {
  budgetColumnList,
  budgetOfRow,
  countsSpan,
  spendOfRow,
  type BudgetRow,
  type HeldRow,
} from './budget-rows.ts';
import type { SqlSession } from './sql-database.ts';
import { loggedFacts } from './usage-facts.ts';

const fits = `(b.product_id is null or f.product_id = b.product_id) and (b.flow is null or f.flow = b.flow)
    and (b.key_id is null or f.key_id = b.key_id) and f.place > b.sequence
    and f.occurred_at >= b.counted_from and (b.counted_to is null or f.occurred_at < b.counted_to)`;

/**
 * Adds the log entries of `$1` after `$2` up to `$3` to the budgets `$4`, each from where it stands, in one pass over the
 * entries. Budgets over customers are joined by customer, so that thousands of them cost no more than one.
 */
function addStatement(onEvents: string): string {
  const columns = `b.id, b.currency as own_currency, b.amount_kind, f.*`;
  const budgets = `tallykit.budget b where b.organization_id = $1 and b.id = any($4::text[])`;
  return `with facts as materialized (${loggedFacts(onEvents, true)}
), budgets as materialized (select b.* from ${budgets}), matched as (
  select ${columns} from budgets b join facts f on f.customer_id = b.customer_id where ${fits}
  union all
  select ${columns} from budgets b join facts f on b.customer_id is null where ${fits}
), sums as materialized (
  select id, sum(calls) as calls, sum(tallykit.token_total(prompt_tokens, completion_tokens)) as tokens,
    sum(case when currency = own_currency then case amount_kind when 'charge' then charge_amount else effective_amount end
      end) as amount,
    sum(pending_calls) as pending_calls, sum(pending_reporting) as pending_reporting,
    sum(pending_tokens) as pending_tokens,
    coalesce(array_agg(distinct currency) filter (where currency <> '' and currency <> own_currency), '{}') as others
  from matched group by id
)
update tallykit.budget b set sequence = $3, calls = b.calls + coalesce(s.calls, 0),
  tokens = coalesce(b.tokens + s.tokens, b.tokens, s.tokens),
  amount = coalesce(b.amount + s.amount, b.amount, s.amount),
  pending_calls = b.pending_calls + coalesce(s.pending_calls, 0),
  pending_reporting = b.pending_reporting + coalesce(s.pending_reporting, 0),
  pending_tokens = b.pending_tokens + coalesce(s.pending_tokens, 0),
  other_currencies = array(select distinct unnest(b.other_currencies || coalesce(s.others, '{}')))
from (select id from budgets) own left join sums s on s.id = own.id
where b.organization_id = $1 and b.id = own.id`;
}

/** One statement that adds new log entries to budgets. */
export const addToBudgets = addStatement('true');

async function add(
  session: SqlSession,
  organizationId: string,
  { rows, head }: { readonly rows: readonly BudgetRow[]; readonly head: number },
): Promise<void> {
  const behind = rows.filter(({ sequence }) => sequence < head);
  if (behind.length === 0) return;
  const from = Math.min(...behind.map(({ sequence }) => sequence));
  await session.query(addToBudgets, [organizationId, from, head, arrayLiteral(behind.map(({ id }) => id))]);
}

interface Beginning {
  readonly row: BudgetRow;
  readonly span: BudgetSpan;
}

const narrowing = ['customer_id', 'product_id', 'flow', 'key_id'] as const;
type Narrowing = (typeof narrowing)[number];

// Every scope names an attribute, and a customer is the one that events are found by.
function narrowedBy(row: BudgetRow): Narrowing {
  return narrowing.find((column) => row[column] !== null) ?? 'customer_id';
}

// Budgets over customers read the events of those customers alone; the others have one pass over the window together.
const passOf = ({ row, span }: Beginning): string =>
  `${span.from} ${narrowedBy(row) === 'customer_id' ? 'customers' : 'others'}`;

/**
 * A window that nothing was counted of yet is counted from its first event. Budgets whose windows begin together are
 * counted together: on the first of a month that is all of them, and others wait for their rows meanwhile.
 */
async function countAnew(
  session: SqlSession,
  organizationId: string,
  { begun, head }: { readonly begun: readonly Beginning[]; readonly head: number },
): Promise<void> {
  await session.query(
    `update tallykit.budget b set sequence = 0, counted_from = tallykit.at_ms(span.first),
       counted_to = tallykit.at_ms(span.past), calls = 0, tokens = null, amount = null, pending_calls = 0,
       pending_reporting = 0, pending_tokens = 0, other_currencies = '{}'
     from unnest($2::text[], $3::float8[], $4::float8[]) as span(id, first, past)
     where b.organization_id = $1 and b.id = span.id`,
    [
      organizationId,
      arrayLiteral(begun.map(({ row }) => row.id)),
      arrayLiteral(begun.map(({ span }) => span.from)),
      arrayLiteral(begun.map(({ span }) => span.to)),
    ],
  );
  for (const together of Map.groupBy(begun, passOf).values()) {
    const values = [smallestUuidV7(together[0]?.span.from ?? 0)];
    const among: string[] = [];
    for (const [column, of] of Map.groupBy(together, ({ row }) => narrowedBy(row))) {
      values.push(arrayLiteral([...new Set(of.map(({ row }) => row[column]))]));
      among.push(`e.${column} = any($${values.length + 4}::text[])`);
    }
    await session.query(addStatement(`e.id >= $5::uuid and (${among.join(' or ')})`), [
      organizationId,
      0,
      head,
      arrayLiteral(together.map(({ row }) => row.id)),
      ...values,
    ]);
  }
}

// Under the lock, so that what others committed meanwhile is seen.
async function rowsAgain(
  session: SqlSession,
  organizationId: string,
  ids: readonly string[],
): Promise<readonly BudgetRow[]> {
  return session.query<BudgetRow>(
    `select ${budgetColumnList} from tallykit.budget b where b.organization_id = $1 and b.id = any($2::text[])
     order by b.id`,
    [organizationId, arrayLiteral(ids)],
  );
}

async function headOf(session: SqlSession, organizationId: string): Promise<number> {
  const [head] = await session.query<{ readonly sequence: number }>(
    'select sequence::float8 as sequence from tallykit.log_head where organization_id = $1',
    [organizationId],
  );
  if (head === undefined) throw unknownOrganization(organizationId);
  return head.sequence;
}

/**
 * What is held of budgets at an instant: not yet lifted, and the cost of its event is not in. An attempt that others follow
 * settles nothing: the last one of the call does, which lies in the same trace.
 */
const heldText = `select h.budget_id,
    coalesce(sum(h.amount) filter (where h.counts), 0)::text as amount,
    coalesce(sum(h.tokens) filter (where h.counts), 0)::float8 as tokens,
    count(*) filter (where h.made_at > tallykit.at_ms($3::float8 - 60000))::float8 as lately
  from (
    select h.*, h.lifts_at > tallykit.at_ms($3::float8)
      and (e.id is null or (e.kind = 'llm_call' and (last.id is null or (p.event_id is not null and b.unit = 'money'))))
      as counts
    from tallykit.budget_hold h
    join tallykit.budget b on b.organization_id = h.organization_id and b.id = h.budget_id
    left join tallykit.event e on e.organization_id = h.organization_id and e.id = h.event_id
    left join lateral (
      select l.id from tallykit.event l
      where e.final and l.organization_id = e.organization_id and l.id = e.id
      union all
      select l.id from tallykit.event l
      where not e.final and l.organization_id = e.organization_id and l.trace_id = e.trace_id and l.final
        and l.rest ->> 'callId' = e.rest ->> 'callId'
      limit 1
    ) last on true
    left join tallykit.pending_call p on p.organization_id = h.organization_id and p.event_id = last.id
    where h.organization_id = $1 and h.budget_id = any($2::text[])
  ) h group by h.budget_id`;

interface CrossingRow {
  readonly budget_id: string;
  readonly level: number;
  readonly at: number;
}

async function record(
  session: SqlSession,
  organizationId: string,
  crossings: readonly (CrossingRow & { readonly from: number })[],
): Promise<void> {
  if (crossings.length === 0) return;
  await session.query(
    `insert into tallykit.budget_crossing (organization_id, budget_id, counted_from, level, at)
     select $1, budget_id, tallykit.at_ms(counted_from), level, tallykit.at_ms(at)
     from unnest($2::text[], $3::float8[], $4::numeric[], $5::float8[]) as input(budget_id, counted_from, level, at)
     on conflict do nothing`,
    [
      organizationId,
      arrayLiteral(crossings.map(({ budget_id: id }) => id)),
      arrayLiteral(crossings.map(({ from }) => from)),
      arrayLiteral(crossings.map(({ level }) => level)),
      arrayLiteral(crossings.map(({ at }) => at)),
    ],
  );
}

function passed(rows: readonly BudgetRow[], rules: BudgetRules, at: number) {
  return rows.flatMap((row) =>
    rules
      .levelsPassed(budgetOfRow(row), spendOfRow(row, undefined))
      .map((level) => ({ budget_id: row.id, from: row.counted_from ?? 0, level, at })),
  );
}

/** Brings locked budgets to the head of the log and tells what counts against each. */
export async function countBudgets(
  session: SqlSession,
  organizationId: string,
  {
    locked,
    rules,
    at,
  }: { readonly locked: readonly BudgetRow[]; readonly rules: BudgetRules; readonly at: number },
): Promise<readonly BudgetReading[]> {
  if (locked.length === 0) return [];
  const ids = locked.map(({ id }) => id);
  // Before the head: an event that arrives in between counts twice for a moment. The other way round it would not count at all.
  const held = await session.query<HeldRow>(heldText, [organizationId, arrayLiteral(ids), at]);
  const head = await headOf(session, organizationId);
  const spans = new Map(locked.map((row) => [row.id, rules.spanOf(budgetOfRow(row))]));
  const spanOf = (row: BudgetRow): BudgetSpan => spans.get(row.id) ?? { from: 0, to: null };
  await add(session, organizationId, { rows: locked.filter((row) => row.counted_from !== null), head });
  const ended = locked.filter((row) => !countsSpan(row, spanOf(row)));
  if (ended.length > 0) {
    // What the old window passed in its last moments is noted before it is forgotten.
    const old = ended.filter((row) => row.counted_from !== null).map(({ id }) => id);
    await record(session, organizationId, passed(await rowsAgain(session, organizationId, old), rules, at));
    const begun = ended.map((row) => ({ row, span: spanOf(row) }));
    await countAnew(session, organizationId, { begun, head });
  }
  const rows = await rowsAgain(session, organizationId, ids);
  await record(session, organizationId, passed(rows, rules, at));
  const crossings = await session.query<CrossingRow>(
    `select c.budget_id, c.level::float8 as level, tallykit.ms_of(c.at) as at from tallykit.budget_crossing c
     join tallykit.budget b on b.organization_id = c.organization_id and b.id = c.budget_id
       and b.counted_from = c.counted_from
     where c.organization_id = $1 and c.budget_id = any($2::text[]) order by c.level`,
    [organizationId, arrayLiteral(ids)],
  );
  return rows.map((row) => ({
    budget: budgetOfRow(row),
    span: spanOf(row),
    spend: spendOfRow(
      row,
      held.find((of) => of.budget_id === row.id),
    ),
    crossings: crossings
      .filter((of) => of.budget_id === row.id)
      .map(({ level, at: noticed }) => ({ level, at: noticed })),
  }));
}
