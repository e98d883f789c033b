import { rollupNodes } from '../contract/lattice.ts';
import { addEntries, beginSumming, holdCursor, moveCursor } from './advance-rollups.ts';
import { carryOutErasure } from './erase-customer.ts';
import { nodeTable } from './rollup-columns.ts';
import type { SqlDatabase, SqlSession } from './sql-database.ts';

const entriesAtOnce = 100_000;

/** Makes all sums of an organization again inside a transaction that its caller opened. */
export async function rebuildInside(session: SqlSession, organizationId: string): Promise<void> {
  const { sequence, head, time_zone: timeZone } = await holdCursor(session, organizationId);
  const waiting = await session.query<{ readonly sequence: number }>(
    `select sequence::float8 as sequence from tallykit.erasure
     where organization_id = $1 and done_at is null and sequence <= $2 order by sequence`,
    [organizationId, head],
  );
  for (const erasure of waiting) await carryOutErasure(session, organizationId, erasure.sequence);
  for (const table of [...rollupNodes.map(nodeTable), 'tallykit.presence']) {
    await session.query(`delete from ${table} where organization_id = $1`, [organizationId]);
  }
  for (let from = 0; from < head; from += entriesAtOnce) {
    await addEntries(session, organizationId, { from, to: Math.min(from + entriesAtOnce, head), timeZone });
  }
  await moveCursor(session, organizationId, { from: sequence, to: head });
}

/** Throws away all sums of an organization and makes them again; readers see the old ones until it is done. */
export function rebuildRollups(database: SqlDatabase, organizationId: string): Promise<void> {
  return database.transaction((session) => rebuildInside(session, organizationId), {
    begin: beginSumming,
  });
}
