import { smallestUuidV7 } from '../../primitives/uuid-v7.ts';
import { addDays, dayOf, startOfDay } from '../../primitives/time-bucket.ts';
import { rollupNodes, type RollupNode } from '../contract/lattice.ts';
import type { RollupDrift } from '../contract/rollup-store.ts';
import { beginSumming, bucketedFacts, holdCursor, presenceKey } from './advance-rollups.ts';
import { nodeKeyColumns, nodeTable, presenceColumns, sumColumns } from './rollup-columns.ts';
import type { SqlDatabase, SqlSession } from './sql-database.ts';

/** How far an event's id may be ahead of the time it is counted at: clocks that run ahead. */
const longestAheadMs = 86_400_000 + 60_000;

interface Span {
  readonly from: number;
  readonly to: number;
}

interface DriftRow {
  readonly bucket: number;
  readonly key: Readonly<Record<string, string>>;
  readonly stored: Readonly<Record<string, string | null>> | null;
  readonly recomputed: Readonly<Record<string, string | null>> | null;
}

const asText = (alias: string, columns: readonly string[]): string =>
  `json_build_object(${columns.map((column) => `'${column}', trim_scale(${alias}.${column}::numeric)::text`).join(', ')})`;

function compareNode(node: RollupNode): string {
  const bucket = node.grain === 'day' ? 'day' : 'quarter';
  const keys = nodeKeyColumns(node);
  const columns = sumColumns.map((column) => `sum(${column}) as ${column}`).join(', ');
  const differs = sumColumns
    .map((column) => `stored.${column}::numeric is distinct from again.${column}::numeric`)
    .join(' or ');
  return `with facts as (${bucketedFacts('e.occurred_at >= $5 and e.occurred_at < $6 and e.id >= $7 and e.id < $8')}),
again as (select ${bucket} as bucket, ${keys.join(', ')}, ${columns} from facts group by ${bucket}, ${keys.join(', ')}),
stored as (
  select * from ${nodeTable(node)} where organization_id = $1
    and bucket >= ${node.grain === 'day' ? '($5::timestamptz at time zone $4)::date' : '$5'}
    and bucket < ${node.grain === 'day' ? '($6::timestamptz at time zone $4)::date' : '$6'}
)
select tallykit.ms_of(${node.grain === 'day' ? 'bucket::timestamp at time zone $4' : 'bucket'}) as bucket,
  json_build_object(${keys.map((key) => `'${key}', ${key}`).join(', ')}) as key,
  case when stored.organization_id is not null then ${asText('stored', sumColumns)} end as stored,
  case when again.calls is not null then ${asText('again', sumColumns)} end as recomputed
from stored full join again using (bucket, ${keys.join(', ')})
where ${differs}`;
}

const comparePresence = `with facts as (
  ${bucketedFacts('e.occurred_at >= $5 and e.occurred_at < $6 and e.id >= $7 and e.id < $8')}
), again as (
  select distinct day, ${presenceKey} as key, ${presenceColumns.join(', ')} from facts
  where is_present and (conversation_id <> '' or message_id <> '')
), stored as (
  select day, key, ${presenceColumns.join(', ')} from tallykit.presence where organization_id = $1
    and day >= ($5::timestamptz at time zone $4)::date and day < ($6::timestamptz at time zone $4)::date
)
select tallykit.ms_of(day::timestamp at time zone $4) as bucket,
  json_build_object(${presenceColumns.map((key) => `'${key}', coalesce(stored.${key}, again.${key})`).join(', ')}) as key,
  case when stored.key is not null then json_build_object('present', '1') end as stored,
  case when again.key is not null then json_build_object('present', '1') end as recomputed
from stored full join again using (day, key) where stored.key is null or again.key is null`;

function driftsOf(node: string, row: DriftRow): RollupDrift[] {
  const measures = new Set([...Object.keys(row.stored ?? {}), ...Object.keys(row.recomputed ?? {})]);
  return [...measures]
    .map((measure) => ({
      node,
      bucket: row.bucket,
      key: Object.fromEntries(
        Object.entries(row.key).map(([name, value]) => [name, value === '' ? null : value]),
      ),
      measure,
      stored: row.stored?.[measure] ?? null,
      recomputed: row.recomputed?.[measure] ?? null,
    }))
    .filter(({ stored, recomputed }) => stored !== recomputed);
}

async function compareAll(session: SqlSession, organizationId: string, range: Span): Promise<RollupDrift[]> {
  const cursor = await holdCursor(session, organizationId);
  if (cursor === null) return [];
  const zone = cursor.time_zone;
  // Whole days of the organization hold whole buckets of every node.
  const from = startOfDay(dayOf(range.from, zone), zone);
  const to = startOfDay(addDays(dayOf(range.to - 1, zone), 1), zone);
  const parameters = [
    organizationId,
    0,
    cursor.sequence,
    zone,
    new Date(from).toISOString(),
    new Date(to).toISOString(),
    smallestUuidV7(from),
    smallestUuidV7(to + longestAheadMs),
  ];
  const drifts: RollupDrift[] = [];
  for (const node of rollupNodes) {
    const rows = await session.query<DriftRow>(compareNode(node), parameters);
    drifts.push(...rows.flatMap((row) => driftsOf(node.id, row)));
  }
  const presence = await session.query<DriftRow>(comparePresence, parameters);
  return [...drifts, ...presence.flatMap((row) => driftsOf('presence', row))];
}

/**
 * Recomputes the buckets of a range from the log and tells what differs. The cursor is held meanwhile, so that nothing moves;
 * while another process holds it, nothing is compared.
 */
export async function checkRollups(
  database: SqlDatabase,
  organizationId: string,
  range: Span,
): Promise<readonly RollupDrift[]> {
  if (!(range.from < range.to)) return [];
  return database.transaction((session) => compareAll(session, organizationId, range), {
    begin: beginSumming,
  });
}
