import { smallestUuidV7, timeOfUuidV7 } from '../../primitives/uuid-v7.ts';
import type { SqlDatabase } from './sql-database.ts';

/** Tables that are cut into months by the time in their ids. */
const partitioned = [
  { table: 'event', key: 'id' },
  { table: 'cost_entry', key: 'event_id' },
] as const;

/** A calendar month in UTC as a number: 12 times the year plus the month from 0. */
export function monthOf(ms: number): number {
  const date = new Date(ms);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** First millisecond of a month. */
export function startOfMonthNumber(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12, 1);
}

function statementsFor(month: number): string {
  const start = startOfMonthNumber(month);
  const label = new Date(start).toISOString().slice(0, 7).replace('-', '_');
  const bounds = `from ('${smallestUuidV7(start)}') to ('${smallestUuidV7(startOfMonthNumber(month + 1))}')`;
  // Made apart and attached afterwards: attaching lets readers and writers of the other months go on.
  return partitioned
    .map(({ table }) => {
      const name = `tallykit.${table}_${label}`;
      return `
do $$
begin
  if to_regclass('${name}') is null then
    create table ${name} (like tallykit.${table} including defaults including indexes);
    alter table tallykit.${table} attach partition ${name} for values ${bounds};
  end if;
end
$$;`;
    })
    .join('');
}

/** Keeps a partition ready for every event, so that no id finds none. */
export interface Partitions {
  /** Makes the months from `from` to `to` (Unix milliseconds, both included) that are missing. */
  ensure(from: number, to: number): Promise<void>;
  /** Makes the months of these event ids that are missing. */
  ensureFor(ids: readonly string[]): Promise<void>;
}

/** Partitions by month of one database. What is known to be there is asked for only once. */
export function createPartitions(database: SqlDatabase): Partitions {
  const known = new Set<number>();

  async function make(months: readonly number[]): Promise<void> {
    const missing = months.filter((month) => !known.has(month));
    if (missing.length === 0) return;
    await database.transaction(async (session) => {
      await session.query(`select pg_advisory_xact_lock(hashtext('tallykit partitions'))`);
      for (const month of missing) await session.script(statementsFor(month));
    });
    for (const month of missing) known.add(month);
  }

  return {
    ensure(from, to) {
      const first = monthOf(from);
      return make(Array.from({ length: Math.max(0, monthOf(to) - first + 1) }, (_, index) => first + index));
    },
    async ensureFor(ids) {
      const missing = new Set<number>();
      for (const id of ids) {
        const month = monthOf(timeOfUuidV7(id));
        if (!known.has(month)) missing.add(month);
      }
      if (missing.size > 0) await make([...missing].sort((a, b) => a - b));
    },
  };
}
