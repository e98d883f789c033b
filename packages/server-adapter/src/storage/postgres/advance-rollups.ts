import { rollupNodes, type RollupNode } from '../contract/lattice.ts';
import type { RollupStep } from '../contract/rollup-store.ts';
import { StorageError } from '../contract/storage-error.ts';
import { carryOutErasure } from './erase-customer.ts';
import {
  amountColumns,
  countColumns,
  nodeKeyColumns,
  nodeTable,
  presenceColumns,
  reportedColumns,
  sumColumns,
} from './rollup-columns.ts';
import type { SqlDatabase, SqlSession } from './sql-database.ts';
import { loggedFacts } from './usage-facts.ts';

/** Opens a transaction that sums many rows: compiling the statement costs more than it saves, and hashes want memory. */
export const beginSumming = "begin; set local jit = off; set local work_mem = '32MB'";

const list = (columns: readonly string[]): string => columns.join(', ');
const summed = sumColumns.map((column) => `sum(${column}) as ${column}`).join(', ');

/** Hash of a presence row's columns, by which the same row is known again. */
export const presenceKey = `md5(concat_ws(E'\\x1f', ${list(presenceColumns)}))::uuid`;

const nodes: readonly RollupNode[] = rollupNodes;

/** A node whose sums hold those of `node`, if there is one: summing them again is cheaper than going through the facts. */
function finerThan(node: RollupNode): RollupNode | undefined {
  const holds = (other: RollupNode): boolean =>
    other.id !== node.id && node.keys.every((key) => other.keys.includes(key)) && node.grain === 'day';
  const days = nodes.find((other) => other.grain === 'day' && holds(other));
  return days ?? nodes.find((other) => other.grain === 'quarter_hour' && holds(other));
}

function sumsOfNode(node: RollupNode): string {
  const keys = nodeKeyColumns(node);
  const finer = finerThan(node);
  const own = node.grain === 'day' ? 'day' : 'quarter';
  const cut = finer?.grain === 'quarter_hour' ? '(bucket at time zone $4)::date' : 'bucket';
  const [bucket, source] = finer === undefined ? [own, 'facts'] : [cut, `sums_of_${finer.id}`];
  return `sums_of_${node.id} as materialized (
  select ${bucket} as bucket, ${list(keys)}, ${summed} from ${source} group by ${bucket}, ${list(keys)}
)`;
}

// A sum must stand before those that are made from it.
function inOrder(): RollupNode[] {
  const depth = (node: RollupNode): number => {
    const finer = finerThan(node);
    return finer === undefined ? 0 : 1 + depth(finer);
  };
  return [...nodes].sort((a, b) => depth(a) - depth(b));
}

const merged = [
  ...countColumns.map((column) => `${column} = node.${column} + excluded.${column}`),
  ...[...reportedColumns, ...amountColumns].map(
    (column) =>
      `${column} = coalesce(node.${column} + excluded.${column}, node.${column}, excluded.${column})`,
  ),
].join(', ');

function addToNode(node: RollupNode): string {
  const keys = list(nodeKeyColumns(node));
  return `added_to_${node.id} as (
  insert into ${nodeTable(node)} as node (organization_id, bucket, ${keys}, ${list(sumColumns)})
  select $1, bucket, ${keys}, ${list(sumColumns)} from sums_of_${node.id}
  on conflict (organization_id, bucket, ${keys}) do update set ${merged}
)`;
}

/** The facts of `$1` between `$2` and `$3` with their buckets; `$4` is the organization's zone. */
export function bucketedFacts(onEvents?: string): string {
  return `select *, date_bin('15 minutes', occurred_at, 'epoch'::timestamptz) as quarter,
    (occurred_at at time zone $4)::date as day
  from (${loggedFacts(onEvents)}) logged`;
}

/** One statement that adds log entries to every node and to presence. */
export const addLoggedFacts = `with facts as materialized (
  ${bucketedFacts()}
), added_to_presence as (
  insert into tallykit.presence (organization_id, day, key, ${list(presenceColumns)})
  select $1, day, ${presenceKey}, ${list(presenceColumns)} from facts
  where is_present and (conversation_id <> '' or message_id <> '')
  on conflict do nothing
), ${inOrder().map(sumsOfNode).join(', ')}, ${nodes.map(addToNode).join(', ')}
select count(*)::float8 as facts from facts`;

interface Cursor {
  readonly sequence: number;
  readonly head: number;
  readonly time_zone: string;
  readonly erasure: number | null;
}

const readCursor = `select c.sequence::float8 as sequence, h.sequence::float8 as head, o.time_zone,
  (select min(sequence)::float8 from tallykit.erasure where organization_id = $1 and done_at is null) as erasure
from tallykit.rollup_cursor c
join tallykit.log_head h using (organization_id)
join tallykit.organization o on o.id = c.organization_id
where c.organization_id = $1`;

/** The cursor if no other process holds it; then held until the end of the transaction. */
async function tryCursor(session: SqlSession, organizationId: string): Promise<Cursor | null> {
  const held = await session.query(
    'select 1 from tallykit.rollup_cursor where organization_id = $1 for update skip locked',
    [organizationId],
  );
  // Read again under the lock, so that what another process committed meanwhile is seen.
  const [cursor] = held.length === 0 ? [] : await session.query<Cursor>(readCursor, [organizationId]);
  return cursor ?? null;
}

/** The cursor, waited for and then held until the end of the transaction. */
export async function holdCursor(session: SqlSession, organizationId: string): Promise<Cursor> {
  await session.query('select 1 from tallykit.rollup_cursor where organization_id = $1 for update', [
    organizationId,
  ]);
  const [cursor] = await session.query<Cursor>(readCursor, [organizationId]);
  if (cursor === undefined) throw unknownOrganization(organizationId);
  return cursor;
}

/** Adds the entries after `from` up to `to`, then forgets whom the entry at `to` says to forget. */
export async function addEntries(
  session: SqlSession,
  organizationId: string,
  span: { readonly from: number; readonly to: number; readonly timeZone: string },
): Promise<void> {
  await session.query(addLoggedFacts, [organizationId, span.from, span.to, span.timeZone]);
}

/** Moves the cursor from where it was held; fails when it is no longer there. */
export async function moveCursor(
  session: SqlSession,
  organizationId: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  const moved = await session.query(
    'update tallykit.rollup_cursor set sequence = $3 where organization_id = $1 and sequence = $2 returning 1',
    [organizationId, from, to],
  );
  if (moved.length === 0) {
    throw new StorageError(
      'unavailable',
      `The rollup cursor of ${organizationId} moved while it was held, so the step was undone. It will be tried again.`,
    );
  }
  await session.query('delete from tallykit.log_batch where organization_id = $1 and last_sequence <= $2', [
    organizationId,
    to,
  ]);
}

/** Sums at most `limit` entries after the cursor, in one transaction with the cursor's move. */
export function advanceRollups(
  database: SqlDatabase,
  organizationId: string,
  limit: number,
): Promise<RollupStep> {
  return database.transaction(
    async (session) => {
      const cursor = await tryCursor(session, organizationId);
      if (cursor === null) {
        const [seen] = await session.query<Cursor>(readCursor, [organizationId]);
        if (seen === undefined) throw unknownOrganization(organizationId);
        return { from: seen.sequence, to: seen.sequence, head: seen.head };
      }
      const { sequence: from, head, time_zone: timeZone, erasure } = cursor;
      // A step ends at an erasure, so that only what came before it is forgotten.
      const to = Math.min(from + limit, head, erasure ?? Infinity);
      if (to <= from) return { from, to: from, head };
      await addEntries(session, organizationId, { from, to, timeZone });
      if (erasure === to) await carryOutErasure(session, organizationId, erasure);
      await moveCursor(session, organizationId, { from, to });
      return { from, to, head };
    },
    { begin: beginSumming },
  );
}

/** Thrown where an organization has no log. */
export function unknownOrganization(organizationId: string): StorageError {
  return new StorageError(
    'unavailable',
    `Organization ${organizationId} is unknown here, so it has no log. Call ensureOrganization first.`,
  );
}
