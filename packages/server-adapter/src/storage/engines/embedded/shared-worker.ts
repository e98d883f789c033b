import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { lockFolder } from './folder-lock.ts';
import { startWorker, type WorkerClient } from './worker-client.ts';

interface SharedWorker {
  readonly starting: Promise<WorkerClient>;
  users: number;
  stop(): Promise<void>;
}

const registryKey = Symbol.for('tallykit.embedded');

// A development server loads this module again and again; the folder's one database is found on the global object.
function registry(): Map<string, SharedWorker> {
  const home = globalThis as { [registryKey]?: Map<string, SharedWorker> };
  home[registryKey] ??= new Map();
  return home[registryKey];
}

function startIn(folder: string): SharedWorker {
  const lock = lockFolder(folder);
  const starting = startWorker(join(folder, 'database'));
  // A database that did not open holds nothing.
  starting.catch(() => {
    registry().delete(folder);
    lock.release();
  });
  return {
    starting,
    users: 0,
    async stop() {
      const worker = await starting;
      await worker.ask({ kind: 'close' });
      await worker.end();
      lock.release();
    },
  };
}

/** One use of a database thread. */
export interface WorkerUse {
  readonly worker: WorkerClient;
  /** Gives it back; the last user closes the database. */
  release(): Promise<void>;
}

/** The thread of a folder, which all stores of this process share, or a thread of its own for a store in memory. */
export async function useWorker(folder: string | null): Promise<WorkerUse> {
  if (folder === null) {
    const worker = await startWorker(null);
    return { worker, release: () => worker.end() };
  }
  mkdirSync(folder, { recursive: true });
  const path = realpathSync(folder);
  const shared = registry().get(path) ?? startIn(path);
  registry().set(path, shared);
  shared.users += 1;
  const worker = await shared.starting;
  return {
    worker,
    async release() {
      shared.users -= 1;
      if (shared.users > 0) return;
      registry().delete(path);
      await shared.stop();
    },
  };
}
