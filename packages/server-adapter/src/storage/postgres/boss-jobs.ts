import type { PgBoss } from 'pg-boss';
import type { JobRunner } from '../contract/job-runner.ts';

/** Where jobs keep their tables. */
const jobsSchema = 'tallykit_jobs';
/** A run that takes longer than this many seconds is taken for dead, and another process may run the job. */
const longestRunSeconds = 900;

/** Runs what pg-boss writes: one or several statements at once, on any connection. */
export interface JobDatabase {
  execute(text: string, values?: unknown[]): Promise<{ readonly rows: Record<string, unknown>[] }>;
}

/** Settings of {@link createBossJobs}. */
export interface BossJobsOptions {
  readonly database: JobDatabase;
  readonly backend: 'postgres' | 'pglite';
  readonly onError: (error: unknown) => void;
  /** Seconds between two looks for work. Default: 10. */
  readonly pollSeconds?: number;
}

interface Job {
  readonly name: string;
  readonly cron: string;
  readonly run: () => Promise<void>;
}

async function startBoss(options: BossJobsOptions, jobs: readonly Job[]): Promise<PgBoss> {
  // Loaded here, so that a store without background work does not pay for it.
  const { PgBoss: Boss } = await import('pg-boss');
  const { database, backend, onError, pollSeconds = 10 } = options;
  const boss = new Boss({
    db: { executeSql: (text, values) => database.execute(text, values) },
    backend,
    schema: jobsSchema,
    reindex: false,
    monitorVacuum: false,
  });
  boss.on('error', onError);
  await boss.start();
  for (const { name, cron, run } of jobs) {
    // Exclusive: while one run waits or works, in any process, no other one is queued.
    await boss.createQueue(name, { policy: 'exclusive', retryLimit: 0, expireInSeconds: longestRunSeconds });
    await boss.schedule(name, cron, null, { tz: 'UTC' });
    await boss.work(name, { pollingIntervalSeconds: pollSeconds }, async () => {
      try {
        await run();
      } catch (error) {
        onError(error);
        throw error;
      }
    });
  }
  return boss;
}

/** Jobs on pg-boss, in a schema beside the store's own. Nothing touches the database before `start`. */
export function createBossJobs(options: BossJobsOptions): JobRunner {
  const jobs: Job[] = [];
  let starting: Promise<PgBoss> | undefined;
  return {
    schedule(job) {
      if (starting !== undefined) {
        throw new Error(
          `Job ${job.name} was registered after the start, so it would never run. Register it before.`,
        );
      }
      jobs.push(job);
    },
    async start() {
      starting ??= startBoss(options, jobs).catch((error: unknown) => {
        // A database that was away may be there at the next try.
        starting = undefined;
        throw error;
      });
      await starting;
    },
    async stop() {
      const boss = await starting?.catch(() => undefined);
      starting = undefined;
      await boss?.stop({ graceful: true, timeout: 5000 });
    },
  };
}
