import { StorageError } from '../../contract/storage-error.ts';
import type { JobDatabase } from '../../postgres/boss-jobs.ts';
import type { SqlDatabase, SqlSession } from '../../postgres/sql-database.ts';
import { useWorker, type WorkerUse } from './shared-worker.ts';
import type { WorkerClient } from './worker-client.ts';

function sessionOn(worker: WorkerClient, lease: number): SqlSession {
  return {
    query: (text, parameters = []) => worker.ask({ kind: 'query', lease, text, parameters }),
    script: (text) => worker.ask({ kind: 'script', lease, text }),
  };
}

/** The database in a worker thread, opened at its first use. */
export function workerDatabase(folder: string | null): SqlDatabase & JobDatabase {
  let opening: Promise<WorkerUse> | undefined;
  let isClosed = false;

  async function opened(): Promise<WorkerClient> {
    if (isClosed) throw new StorageError('store_closed', 'The store was closed; create a new one to go on.');
    opening ??= useWorker(folder).catch((error: unknown) => {
      // A folder in use now may be free at the next try.
      opening = undefined;
      throw error;
    });
    return (await opening).worker;
  }

  return {
    query: async (text, parameters = []) => (await opened()).ask({ kind: 'query', text, parameters }),
    script: async (text) => (await opened()).ask({ kind: 'script', text }),
    async execute(text, parameters = []) {
      const worker = await opened();
      return { rows: await worker.ask<Record<string, unknown>[]>({ kind: 'execute', text, parameters }) };
    },
    async transaction(work, { begin = 'begin' } = {}) {
      const worker = await opened();
      const lease = await worker.ask<number>({ kind: 'lease' });
      const session = sessionOn(worker, lease);
      let ending = 'rollback';
      try {
        await session.script(begin);
        const result = await work(session);
        await session.script('commit');
        ending = '';
        return result;
      } finally {
        await worker.ask({ kind: 'release', lease, text: ending });
      }
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      const use = await opening?.catch(() => undefined);
      await use?.release();
    },
  };
}
