import { sql, type RawBuilder } from 'kysely';
import { dayOf } from '../../primitives/time-bucket.ts';
import { smallestUuidV7 } from '../../primitives/uuid-v7.ts';
import { nodeOf } from '../contract/node-answers.ts';
import type { PlanRange, UsagePlan } from '../contract/read-plan.ts';
import type { ReadScope } from '../contract/scoped-reader.ts';
import { amountColumns, nodeTable } from './rollup-columns.ts';
import { scopeCondition } from './usage-filters.ts';

type Fragment = RawBuilder<unknown>;

/** How far an event's id may be ahead of the time it is counted at: clocks that run ahead. */
const longestAheadMs = 86_400_000 + 60_000;

const instant = (ms: number): string => new Date(ms).toISOString();

const keys = [
  'customer_id',
  'provider',
  'model',
  'flow',
  'product_id',
  'configuration',
  'environment',
  'status',
  'user_id',
  'conversation_id',
  'message_id',
];

function touches(plan: UsagePlan, fields: readonly string[]): boolean {
  const used = [...plan.dimensions, ...plan.measures, ...plan.filters.map(({ field }) => field)];
  return used.some((field) => fields.includes(field));
}

const eventKeys = sql.raw(keys.map((key) => `coalesce(e.${key}, '') as ${key}`).join(', '));

/** Limits a column of ids to events that can be counted in a range. */
export function idRange(column: string, { from, to }: PlanRange): Fragment {
  return sql`${sql.ref(column)} >= ${smallestUuidV7(from)} and ${sql.ref(column)} < ${smallestUuidV7(to + longestAheadMs)}`;
}

function eventsOf(plan: UsagePlan, scope: ReadScope): Fragment {
  const { range } = plan;
  return sql`e.organization_id = ${scope.organizationId} and e.counted and ${idRange('e.id', range)}
    and e.occurred_at >= ${instant(range.from)} and e.occurred_at < ${instant(range.to)}
    and ${scopeCondition('e.customer_id', scope)}`;
}

const tokens = sql.raw(
  ['prompt_tokens', 'completion_tokens']
    .map((column) => `case when s.event_id is null then e.${column} else s.${column} end as ${column}`)
    .join(', '),
);

// Counts stand under the keys of a call's first entry.
function countedCalls(plan: UsagePlan, scope: ReadScope, withCosts: boolean): Fragment {
  const costs = withCosts
    ? sql.raw(`coalesce(c.currency, '') as currency, coalesce(c.effective_price_id, c.list_price_id, '') as price_id,
        c.list_amount, c.effective_amount, c.charge_amount`)
    : sql.raw(`'' as currency, '' as price_id,
        null::numeric as list_amount, null::numeric as effective_amount, null::numeric as charge_amount`);
  const joinCosts = withCosts
    ? sql`join tallykit.cost_entry c on c.organization_id = e.organization_id and c.event_id = e.id
        and c.sequence = e.sequence`
    : sql``;
  const isPending = touches(plan, ['pending_calls', 'pending_tokens']);
  const joinPending = isPending
    ? sql`left join tallykit.pending_call p on p.organization_id = e.organization_id and p.event_id = e.id`
    : sql``;
  const pending = sql.raw(isPending ? '(p.event_id is not null)' : 'false');
  return sql`select e.occurred_at, ${eventKeys}, ${costs}, ${tokens}, ${pending} as is_pending, e.final, true as is_call
    from tallykit.event e ${joinCosts}
    left join tallykit.supplied_usage s on s.organization_id = e.organization_id and s.event_id = e.id
    ${joinPending}
    where ${eventsOf(plan, scope)}`;
}

// Amounts of later entries stand under their own.
function laterAmounts(plan: UsagePlan, scope: ReadScope): Fragment {
  return sql`select e.occurred_at, ${eventKeys}, coalesce(c.currency, ''),
      coalesce(c.effective_price_id, c.list_price_id, ''), c.list_amount, c.effective_amount, c.charge_amount,
      null, null, false, false, false
    from tallykit.cost_entry c
    join tallykit.event e on e.organization_id = c.organization_id and e.id = c.event_id
    where c.revision and c.kind <> 'pending' and c.organization_id = ${scope.organizationId}
      and ${idRange('c.event_id', plan.range)} and ${eventsOf(plan, scope)}`;
}

const total = 'tallykit.token_total(prompt_tokens, completion_tokens)';

/** Calls of a range, one row a call and one a later amount, with the columns that rollup tables have. */
function rawSource(plan: UsagePlan, scope: ReadScope): Fragment {
  const withCosts = touches(plan, ['currency', 'price', ...amountColumns]);
  const rows = withCosts
    ? sql`${countedCalls(plan, scope, true)} union all ${laterAmounts(plan, scope)}`
    : countedCalls(plan, scope, false);
  const columns = [
    'occurred_at as bucket',
    ...keys,
    'currency, price_id, list_amount, effective_amount, charge_amount, prompt_tokens, completion_tokens',
    '(is_call and final)::int as calls',
    `(is_call and final and status = 'error')::int as errors`,
    `(is_call and final and status = 'aborted')::int as aborted_calls`,
    `(is_call and final and customer_id = '')::int as unattributed_calls`,
    'is_pending::int as pending_calls',
    `(is_pending and ${total} is not null)::int as pending_reporting`,
    `case when is_pending then coalesce(${total}, 0) else 0 end as pending_tokens`,
    `(${total} is not null and final and message_id = '')::int as lone_messages`,
    `case when conversation_id <> '' then ${total} end as conversation_tokens`,
    `${total} is not null as is_present`,
  ];
  return sql`select ${sql.raw(columns.join(', '))} from (${rows}) calls`;
}

function nodeSource(plan: UsagePlan, scope: ReadScope, timeZone: string): Fragment {
  if (plan.source === 'raw') return rawSource(plan, scope);
  const node = nodeOf(plan.source);
  const bound = (ms: number): string => (node.grain === 'day' ? dayOf(ms, timeZone) : instant(ms));
  const customers = scope.customers === 'all' ? sql`true` : scopeCondition('customer_id', scope);
  return sql`select * from ${sql.raw(nodeTable(node))} where organization_id = ${scope.organizationId}
    and bucket >= ${bound(plan.range.from)} and bucket < ${bound(plan.range.to)} and ${customers}`;
}

/** Rows that a usage plan sums, alike from events and from a node: `bucket`, keys (`''` for none) and summed columns. */
export function usageSource(plan: UsagePlan, scope: ReadScope, timeZone: string): Fragment {
  return plan.source === 'raw' ? rawSource(plan, scope) : nodeSource(plan, scope, timeZone);
}

/** Presence rows of a range, as {@link usageSource} gives sums. */
export function presenceSource(plan: UsagePlan, scope: ReadScope, timeZone: string): Fragment {
  return sql`select day as bucket, * from tallykit.presence where organization_id = ${scope.organizationId}
    and day >= ${dayOf(plan.range.from, timeZone)} and day < ${dayOf(plan.range.to, timeZone)}
    and ${scopeCondition('customer_id', scope)}`;
}
