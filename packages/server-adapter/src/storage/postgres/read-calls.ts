import { sql, type RawBuilder } from 'kysely';
import type { CallField, CallsPlan, FlowPlan } from '../contract/read-plan.ts';
import type { EventRecord } from '../contract/scoped-reader.ts';
import { arrayLiteral } from './array-literal.ts';
import { fieldText } from './event-field-columns.ts';
import { printSql } from './print-sql.ts';
import { readEvents, type ScopedSession } from './read-plans.ts';
import { allOf, filterCondition, scopeCondition } from './usage-filters.ts';
import { idRange } from './usage-source.ts';

type Fragment = RawBuilder<unknown>;

const isPending = sql`exists (select from tallykit.pending_call p
  where p.organization_id = e.organization_id and p.event_id = e.id)`;

function textOf(field: CallField): Fragment {
  if (field === 'superseded') return sql`(e.superseded_by is not null)::text`;
  if (field === 'cost_state') {
    return sql`(case when not e.counted then 'not_counted' when ${isPending} then 'pending' else 'priced' end)`;
  }
  if (field === 'pending_reason') {
    return sql`coalesce((select p.reason from tallykit.pending_call p
      where p.organization_id = e.organization_id and p.event_id = e.id), '')`;
  }
  return fieldText(field);
}

/** LLM calls, newest first. The page is found by ids alone; only its own events are read whole. */
export async function readCalls(scoped: ScopedSession, plan: CallsPlan): Promise<readonly EventRecord[]> {
  const { session, scope } = scoped;
  const { range, before, upTo } = plan;
  const statement = printSql(sql`select e.id from tallykit.event e
    where e.organization_id = ${scope.organizationId} and e.kind = 'llm_call' and ${idRange('e.id', range)}
      and e.occurred_at >= ${new Date(range.from).toISOString()} and e.occurred_at < ${new Date(range.to).toISOString()}
      and ${before === null ? sql`true` : sql`e.id < ${before}`} and ${upTo === null ? sql`true` : sql`e.sequence <= ${upTo}`}
      and ${scopeCondition('e.customer_id', scope)}
      and ${allOf(plan.filters.map((filter) => filterCondition(textOf(filter.field), filter)))}
    order by e.id desc limit ${plan.limit}`);
  const found = await session.query<{ readonly id: string }>(statement.sql, statement.parameters);
  const ids = found.map(({ id }) => id);
  const events = await readEvents(scoped, sql`e.id = any (${arrayLiteral(ids)}::uuid[])`, ids.length);
  return events.toReversed();
}

/** A registered flow. */
export async function readFlow({ session, scope }: ScopedSession, { id }: FlowPlan) {
  const [row] = await session.query<{ readonly id: string; readonly name: string; readonly body: string }>(
    'select id, name, body from tallykit.flow where organization_id = $1 and id = $2',
    [scope.organizationId, id],
  );
  if (row === undefined) return [];
  const { steps = [] } = JSON.parse(row.body) as { readonly steps?: readonly string[] };
  return [{ id: row.id, name: row.name, steps }];
}
