import { Pool } from 'pg';
import { PgBoss } from 'pg-boss';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestPostgres } from '../../testing/create-test-postgres.ts';
import { workerDatabase } from '../engines/embedded/worker-database.ts';
import { poolDatabase } from '../engines/postgres/pool-database.ts';
import { createBossJobs, type JobDatabase } from './boss-jobs.ts';
import type { SqlDatabase } from './sql-database.ts';

const engines = [
  {
    backend: 'pglite' as const,
    open: async () => ({ database: workerDatabase(null), drop: async () => undefined }),
  },
  {
    backend: 'postgres' as const,
    open: async () => {
      const { url, drop } = await createTestPostgres();
      return { database: poolDatabase(new Pool({ connectionString: url }), { ownsPool: true }), drop };
    },
  },
];

describe.each(engines)('jobs on $backend', ({ backend, open }) => {
  let database: SqlDatabase & JobDatabase;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    ({ database, drop } = await open());
  });
  afterAll(async () => {
    await database.close();
    await drop();
  });

  it('run in a schema of their own, one run at a time, and tell of failures', async () => {
    const onError = vi.fn();
    const jobs = createBossJobs({ database, backend, onError, pollSeconds: 0.5 });
    let active = 0;
    const run = vi.fn(async () => {
      active += 1;
      expect(active).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 50));
      active -= 1;
      if (run.mock.calls.length === 1) throw new Error('not yet');
    });
    jobs.schedule({ name: 'rollups', cron: '* * * * *', run });
    await jobs.start();
    expect(() => jobs.schedule({ name: 'late', cron: '* * * * *', run })).toThrow(/before/);

    const [schedule] = await database.query(`select name, cron, timezone from tallykit_jobs.schedule`);
    expect(schedule).toMatchObject({ name: 'rollups', cron: '* * * * *', timezone: 'UTC' });
    const sender = new PgBoss({
      db: { executeSql: (text, values) => database.execute(text, values) },
      backend,
      schema: 'tallykit_jobs',
      supervise: false,
      schedule: false,
    });
    await sender.start();
    await sender.send('rollups');
    await vi.waitFor(() => expect(onError).toHaveBeenCalledWith(new Error('not yet')), { timeout: 10_000 });
    await vi.waitFor(
      async () => {
        await sender.send('rollups');
        expect(run.mock.calls.length).toBeGreaterThan(1);
      },
      { timeout: 10_000, interval: 200 },
    );
    await sender.stop({ graceful: false });
    await jobs.stop();
    await jobs.stop();
  });

  it('touch nothing before they start', async () => {
    const execute = vi.fn();
    const jobs = createBossJobs({ database: { execute }, backend, onError: () => undefined });
    jobs.schedule({ name: 'x', cron: '* * * * *', run: async () => undefined });
    await jobs.stop();
    expect(execute).not.toHaveBeenCalled();
  });
});
