import { systemClock, type Clock } from '../../../primitives/clock.ts';
import type { Storage } from '../../contract/storage.ts';
import { createBossJobs } from '../../postgres/boss-jobs.ts';
import { createSqlStorage } from '../../postgres/sql-storage.ts';
import { workerDatabase } from './worker-database.ts';

/** Settings of {@link embedded}. */
export interface EmbeddedOptions {
  /** Folder of the database, made when it is missing. Without one the store lives in memory and ends with the process. */
  readonly folder?: string;
  /** Default: the system's clock. */
  readonly clock?: Clock;
  /** Told of failures that belong to no request, such as a job that could not run. Default: not told. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Storage without a server: PostgreSQL in WebAssembly, in a thread of its own so that the host's event loop stays free. One
 * process a folder. What was answered survives a killed process, but not a power loss.
 *
 * @example
 * const storage = embedded({ folder: './tallykit-data' });
 */
export function embedded({
  folder,
  clock = systemClock,
  onError = () => undefined,
}: EmbeddedOptions = {}): Storage {
  const database = workerDatabase(folder ?? null);
  return createSqlStorage({
    engine: 'embedded',
    database,
    capabilities: {
      survivesProcessDeath: folder !== undefined,
      survivesPowerLoss: false,
      rowLevelSecurity: true,
      manyProcesses: false,
    },
    rowLevelSecurity: 'on',
    hasAutovacuum: false,
    clock,
    jobs: createBossJobs({ database, backend: 'pglite', onError }),
  });
}
