import { smallestUuidV7 } from '../../primitives/uuid-v7.ts';
import { addDays, dayOf, startOfDay } from '../../primitives/time-bucket.ts';
import { rollupNodes, type RollupNode } from '../contract/lattice.ts';
import type { RollupDrift } from '../contract/rollup-store.ts';
import {
  beginSumming,
  bucketedFacts,
  holdCursor,
  presenceKey,
  unknownOrganization,
} from './advance-rollups.ts';
import { nodeKeyColumns, nodeTable, presenceColumns, sumColumns } from './rollup-columns.ts';
import type { SqlDatabase, SqlSession } from './sql-database.ts';

/** How far an event's id may be ahead of the time it is counted at: clocks that run ahead. */
const longestAheadMs = 86_400_000 + 60_000;

interface DriftRow {
  readonly node: string;
  readonly bucket: number;
  readonly key: Readonly<Record<string, string>>;
  readonly stored: Readonly<Record<string, string | null>> | null;
  readonly recomputed: Readonly<Record<string, string | null>> | null;
}

const asText = (alias: string, columns: readonly string[]): string =>
  `json_build_object(${columns.map((column) => `'${column}', trim_scale(${alias}.${column}::numeric)::text`).join(', ')})`;

const startsOf = (node: RollupNode): string => (node.grain === 'day' ? '$9::date' : '$5');
const endsOf = (node: RollupNode): string => (node.grain === 'day' ? '$10::date' : '$6');

function compareNode(node: RollupNode): string {
  const bucket = node.grain === 'day' ? 'day' : 'quarter';
  const keys = nodeKeyColumns(node);
  const columns = sumColumns.map((column) => `sum(${column}) as ${column}`).join(', ');
  const differs = sumColumns
    .map((column) => `stored.${column}::numeric is distinct from again.${column}::numeric`)
    .join(' or ');
  return `select '${node.id}' as node,
    tallykit.ms_of(${node.grain === 'day' ? 'bucket::timestamp at time zone $4' : 'bucket'}) as bucket,
    json_build_object(${keys.map((key) => `'${key}', ${key}`).join(', ')}) as key,
    case when stored.organization_id is not null then ${asText('stored', sumColumns)} end as stored,
    case when again.calls is not null then ${asText('again', sumColumns)} end as recomputed
  from (
    select * from ${nodeTable(node)}
    where organization_id = $1 and bucket >= ${startsOf(node)} and bucket < ${endsOf(node)}
  ) stored full join (
    select ${bucket} as bucket, ${keys.join(', ')}, ${columns} from facts group by ${bucket}, ${keys.join(', ')}
  ) again using (bucket, ${keys.join(', ')})
  where ${differs}`;
}

const comparePresence = `select 'presence' as node, tallykit.ms_of(day::timestamp at time zone $4) as bucket,
    json_build_object(${presenceColumns.map((key) => `'${key}', coalesce(stored.${key}, again.${key})`).join(', ')}) as key,
    case when stored.key is not null then json_build_object('present', '1') end as stored,
    case when again.key is not null then json_build_object('present', '1') end as recomputed
  from (
    select day, key, ${presenceColumns.join(', ')} from tallykit.presence
    where organization_id = $1 and day >= $9::date and day < $10::date
  ) stored full join (
    select distinct day, ${presenceKey} as key, ${presenceColumns.join(', ')} from facts
    where is_present and (conversation_id <> '' or message_id <> '')
  ) again using (day, key)
  where stored.key is null or again.key is null`;

/** One statement that goes through a span's events once and compares every sum made of them. */
const compareSpan = `with facts as materialized (
  ${bucketedFacts('e.occurred_at >= $5 and e.occurred_at < $6 and e.id >= $7 and e.id < $8')}
)
${[...rollupNodes.map(compareNode), comparePresence].join('\nunion all\n')}`;

function driftsOf(row: DriftRow): RollupDrift[] {
  const measures = new Set([...Object.keys(row.stored ?? {}), ...Object.keys(row.recomputed ?? {})]);
  return [...measures]
    .map((measure) => ({
      node: row.node,
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

async function compareDay(session: SqlSession, organizationId: string, day: string): Promise<RollupDrift[]> {
  const { sequence, time_zone: zone } = await holdCursor(session, organizationId);
  const next = addDays(day, 1);
  // A whole day of the organization holds whole buckets of every node.
  const [from, to] = [startOfDay(day, zone), startOfDay(next, zone)];
  const rows = await session.query<DriftRow>(compareSpan, [
    organizationId,
    0,
    sequence,
    zone,
    new Date(from).toISOString(),
    new Date(to).toISOString(),
    smallestUuidV7(from),
    smallestUuidV7(to + longestAheadMs),
    day,
    next,
  ]);
  return rows.flatMap(driftsOf);
}

/**
 * Recomputes the days of a range from the log and tells what differs. The cursor is held for one day at a time, so that
 * nothing moves while it is compared, and sums fall behind no longer than that.
 */
export async function checkRollups(
  database: SqlDatabase,
  organizationId: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly RollupDrift[]> {
  if (!(from < to)) return [];
  const [organization] = await database.query<{ readonly time_zone: string }>(
    'select time_zone from tallykit.organization where id = $1',
    [organizationId],
  );
  if (organization === undefined) throw unknownOrganization(organizationId);
  const last = dayOf(to - 1, organization.time_zone);
  const drifts: RollupDrift[] = [];
  for (let day = dayOf(from, organization.time_zone); day <= last; day = addDays(day, 1)) {
    const found = await database.transaction((session) => compareDay(session, organizationId, day), {
      begin: beginSumming,
    });
    drifts.push(...found);
  }
  return drifts;
}
