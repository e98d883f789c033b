import { sql, type RawBuilder } from 'kysely';
import type { CallField, CallsPlan, FlowPlan, PlanFilter } from '../contract/read-plan.ts';
import type { EventRecord, ReadScope } from '../contract/scoped-reader.ts';
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

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const traceId = /^[0-9a-f]{32}$/;

// Conditions that an index answers, written the way it has the column.
function conditionOf({ field, operator, values }: PlanFilter<CallField>): Fragment {
  const texts = values.map(String);
  const among = (column: string, type: string, known: readonly string[]): Fragment =>
    sql`${sql.ref(column)} = any (${arrayLiteral(known)}::${sql.raw(type)}[])`;
  if (operator === 'eq' || operator === 'in') {
    if (field === 'customer') return among('e.customer_id', 'text', texts);
    if (field === 'conversation') return among('e.conversation_id', 'text', texts);
    const isKnown = (pattern: RegExp): readonly string[] => texts.filter((text) => pattern.test(text));
    if (field === 'id') return among('e.id', 'uuid', isKnown(uuid));
    if (field === 'trace') return among('e.trace_id', 'uuid', isKnown(traceId));
  }
  return filterCondition(textOf(field), { operator, values });
}

/** The statement that finds the ids of a page. Exported for the snapshot of its text. */
export function callsStatement(
  plan: CallsPlan,
  scope: ReadScope,
): { readonly sql: string; readonly parameters: readonly unknown[] } {
  const { range, before, upTo } = plan;
  return printSql(sql`select e.id from tallykit.event e
    where e.organization_id = ${scope.organizationId} and e.kind = 'llm_call' and ${idRange('e.id', range)}
      and e.occurred_at >= ${new Date(range.from).toISOString()} and e.occurred_at < ${new Date(range.to).toISOString()}
      and ${before === null ? sql`true` : sql`e.id < ${before}`} and ${upTo === null ? sql`true` : sql`e.sequence <= ${upTo}`}
      and ${scopeCondition('e.customer_id', scope)}
      and ${allOf(plan.filters.map(conditionOf))}
    order by e.id desc limit ${plan.limit}`);
}

/** LLM calls, newest first. The page is found by ids alone; only its own events are read whole. */
export async function readCalls(scoped: ScopedSession, plan: CallsPlan): Promise<readonly EventRecord[]> {
  const { session, scope } = scoped;
  const statement = callsStatement(plan, scope);
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
