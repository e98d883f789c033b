import { randomBytes, randomUUID } from 'node:crypto';
import { rollupNodes, type RollupNode } from '../contract/lattice.ts';
import { nodeKeyColumns, nodeTable, presenceColumns, sumColumns } from './rollup-columns.ts';
import type { SqlDatabase, SqlSession } from './sql-database.ts';

/** Notes in the log that a customer is to be forgotten; null when there is no such customer. */
export function requestErasure(
  database: SqlDatabase,
  organizationId: string,
  { customerId, at }: { readonly customerId: string; readonly at: number },
): Promise<{ readonly sequence: number; readonly events: number } | null> {
  return database.transaction(async (session) => {
    const known = await session.query(
      'select 1 from tallykit.customer where organization_id = $1 and id = $2',
      [organizationId, customerId],
    );
    if (known.length === 0) return null;
    const [head] = await session.query<{ readonly sequence: number }>(
      `update tallykit.log_head set sequence = sequence + 1 where organization_id = $1
       returning sequence::float8 as sequence`,
      [organizationId],
    );
    const sequence = head?.sequence ?? 0;
    await session.query(
      `insert into tallykit.erasure (organization_id, sequence, customer_id, pseudonym, requested_at)
       values ($1, $2, $3, $4, tallykit.at_ms($5))`,
      [organizationId, sequence, customerId, `erased_${randomUUID()}`, at],
    );
    await session.query(
      `insert into tallykit.log_batch (organization_id, last_sequence, recorded_at) values ($1, $2, tallykit.at_ms($3))`,
      [organizationId, sequence, at],
    );
    const [count] = await session.query<{ readonly events: number }>(
      `select count(*)::float8 as events from tallykit.event where organization_id = $1 and customer_id = $2`,
      [organizationId, customerId],
    );
    return { sequence, events: count?.events ?? 0 };
  });
}

// The salt is thrown away afterwards: equal ids stay equal, and nobody can tell what they were.
const disguise = (column: string): string =>
  `case when coalesce(${column}, '') <> '' then md5($4 || ${column}) else ${column} end`;

function renameNode(node: RollupNode): string {
  const table = nodeTable(node);
  if (!node.keys.includes('user')) {
    return `update ${table} set customer_id = $3 where organization_id = $1 and customer_id = $2`;
  }
  const keys = nodeKeyColumns(node).filter((key) => key !== 'customer_id' && key !== 'user_id');
  const sums = sumColumns.map((column) => `sum(${column})`).join(', ');
  return `with gone as (delete from ${table} where organization_id = $1 and customer_id = $2 returning *)
    insert into ${table} (organization_id, bucket, customer_id, user_id, ${keys.join(', ')}, ${sumColumns.join(', ')})
    select $1, bucket, $3, '', ${keys.join(', ')}, ${sums} from gone group by bucket, ${keys.join(', ')}`;
}

const presenceAgain = presenceColumns
  .map((column) =>
    column === 'customer_id'
      ? '$3'
      : column.endsWith('_id') && column !== 'product_id'
        ? disguise(column)
        : column,
  )
  .map((value, index) => `${value} as ${presenceColumns[index] ?? ''}`)
  .join(', ');

const renamePresence = `with gone as (
    delete from tallykit.presence where organization_id = $1 and customer_id = $2 returning *
  ), again as (select day, ${presenceAgain} from gone)
  insert into tallykit.presence (organization_id, day, key, ${presenceColumns.join(', ')})
  select distinct $1, day, md5(concat_ws(E'\\x1f', ${presenceColumns.join(', ')}))::uuid, ${presenceColumns.join(', ')}
  from again on conflict do nothing`;

const eraseEvents = `update tallykit.event set customer_id = $3, user_id = null,
    conversation_id = ${disguise('conversation_id')}, message_id = ${disguise('message_id')},
    rest = coalesce(
      (select json_object_agg(key, value) from json_each(rest) where key not in ('tags', 'workspaceId')), '{}'::json)
  where organization_id = $1 and customer_id = $2 and sequence <= $5`;

/** Rows that only bear the customer's id. Events that came after the erasure keep theirs. */
const renames = [
  `update tallykit.cost_entry set customer_id = $3 where organization_id = $1 and customer_id = $2 and event_id in
    (select id from tallykit.event where organization_id = $1 and customer_id = $3)`,
  `update tallykit.pending_call set customer_id = $3 where organization_id = $1 and customer_id = $2 and event_id in
    (select id from tallykit.event where organization_id = $1 and customer_id = $3)`,
  `update tallykit.supplied_usage set customer_id = $3 where organization_id = $1 and customer_id = $2 and event_id in
    (select id from tallykit.event where organization_id = $1 and customer_id = $3)`,
  // What is held of budgets over others holds on; who asked is not needed for that.
  `update tallykit.budget_hold set customer_id = $3, body = '' where organization_id = $1 and customer_id = $2`,
  `update tallykit.customer set parent_customer_id = $3,
    body = (jsonb_set(body::jsonb, '{parentCustomerId}', to_jsonb($3::text)))::text
    where organization_id = $1 and parent_customer_id = $2`,
  `update tallykit.invoice set customer_id = $3, body = jsonb_set(body::jsonb, '{customerId}', to_jsonb($3::text))::text
    where organization_id = $1 and customer_id = $2`,
  `update tallykit.provider_line set customer_id = $3,
    body = jsonb_set(body::jsonb, '{customerId}', to_jsonb($3::text))::text
    where organization_id = $1 and customer_id = $2`,
];

/**
 * A budget over somebody who is forgotten would only keep the name. Locked as all lock budgets, and before the head of the
 * log: whoever counts them for a while must not keep events from being stored.
 */
const eraseBudgets = `delete from tallykit.budget b using (
    select id from tallykit.budget where organization_id = $1 and customer_id = $2 order by id for update
  ) own where b.organization_id = $1 and b.id = own.id`;

/** Carries out the erasure that stands at `sequence`. The sums must have reached it, and nothing after it. */
export async function carryOutErasure(
  session: SqlSession,
  organizationId: string,
  sequence: number,
): Promise<void> {
  const [erasure] = await session.query<{ readonly customer_id: string; readonly pseudonym: string }>(
    `select customer_id, pseudonym from tallykit.erasure where organization_id = $1 and sequence = $2 and done_at is null`,
    [organizationId, sequence],
  );
  if (erasure === undefined) return;
  const { customer_id: customerId, pseudonym } = erasure;
  const names = [organizationId, customerId, pseudonym];
  const salt = randomBytes(16).toString('hex');
  await session.query(eraseEvents, [...names, salt, sequence]);
  for (const rename of renames) await session.query(rename, names);
  for (const node of rollupNodes as readonly RollupNode[]) {
    if (node.keys.includes('customer')) await session.query(renameNode(node), names);
  }
  await session.query(renamePresence, [...names, salt]);
  await session.query(eraseBudgets, names.slice(0, 2));
  // No event may name the customer between looking for later ones and taking its row away.
  await session.query('select 1 from tallykit.log_head where organization_id = $1 for update', [
    organizationId,
  ]);
  await session.query('delete from tallykit.customer where organization_id = $1 and id = $2', [
    organizationId,
    customerId,
  ]);
  await session.query(
    `insert into tallykit.customer (organization_id, id, name, stub)
     select $1, $3, $3, true union all select $1, $2, $2, true
     where exists (select from tallykit.event where organization_id = $1 and customer_id = $2)`,
    names,
  );
  await session.query(
    `update tallykit.erasure set customer_id = null, done_at = now() where organization_id = $1 and sequence = $2`,
    [organizationId, sequence],
  );
}
