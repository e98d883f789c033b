import { Pool } from 'pg';
import { systemClock, type Clock } from '../../../primitives/clock.ts';
import type { Storage } from '../../contract/storage.ts';
import type { RowLevelSecurity } from '../../postgres/migrate.ts';
import { createSqlStorage } from '../../postgres/sql-storage.ts';
import { createBossJobs } from '../../postgres/boss-jobs.ts';
import { poolDatabase } from './pool-database.ts';

export { migrationSql, type RowLevelSecurity } from '../../postgres/migrate.ts';

/** Where the database is: an address, or the host's own pool, which then stays open when the store is closed. */
export type PostgresConnection =
  { readonly url: string; readonly pool?: never } | { readonly pool: Pool; readonly url?: never };

/** Settings of {@link postgres}. */
export type PostgresOptions = PostgresConnection & {
  /** Connections at most, for a pool made from `url`. Default: 10. */
  readonly connections?: number;
  /** `off` gives up the second wall, where the database's user may not create or take on a role. Default: `on`. */
  readonly rowLevelSecurity?: RowLevelSecurity;
  /** Default: the system's clock. */
  readonly clock?: Clock;
  /** Told of failures that belong to no request: a lost idle connection, a job that could not run. Default: not told. */
  readonly onError?: (error: unknown) => void;
};

/**
 * Storage in PostgreSQL 15 or newer, in schemas `tallykit` and `tallykit_jobs` of its own. Works behind PgBouncer in
 * transaction mode.
 *
 * @example
 * const storage = postgres({ url: 'postgres://tallykit@db.example.com/app' });
 */
export function postgres(options: PostgresOptions): Storage {
  const {
    rowLevelSecurity = 'on',
    clock = systemClock,
    onError = () => undefined,
    connections = 10,
  } = options;
  const ownsPool = options.pool === undefined;
  const pool = options.pool ?? new Pool({ connectionString: options.url, max: connections });
  // Without a listener a connection lost while idle would end the host's process.
  if (ownsPool) pool.on('error', onError);
  const database = poolDatabase(pool, { ownsPool });
  return createSqlStorage({
    engine: 'postgres',
    database,
    capabilities: {
      survivesProcessDeath: true,
      survivesPowerLoss: true,
      rowLevelSecurity: rowLevelSecurity === 'on',
      manyProcesses: true,
    },
    rowLevelSecurity,
    hasAutovacuum: true,
    clock,
    jobs: createBossJobs({ database, backend: 'postgres', onError }),
  });
}
