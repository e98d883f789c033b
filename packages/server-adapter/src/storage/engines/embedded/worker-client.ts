import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { StorageError } from '../../contract/storage-error.ts';
import { compiledDatabase } from './compiled-database.ts';

/** A thread that has not left by then is terminated. */
const endTimeoutMs = 10_000;

/** What is asked of the worker; see its own file. */
export interface WorkerRequest {
  readonly kind: 'query' | 'script' | 'execute' | 'lease' | 'release' | 'close';
  readonly lease?: number;
  readonly text?: string;
  readonly parameters?: readonly unknown[];
}

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly failure?: { readonly message: string; readonly code: string | null };
}

/** The thread that runs the database. */
export interface WorkerClient {
  ask<Value>(request: WorkerRequest): Promise<Value>;
  /** Ends the thread; everything still asked is refused. */
  end(): Promise<void>;
}

/** The worker's file: beside this one in the sources; in the package this code may stand in a chunk one folder up. */
function workerFile(): URL {
  const candidates = ['./embedded-worker.ts', './embedded-worker.js', './engines/embedded-worker.js'];
  const found = candidates
    .map((path) => new URL(path, import.meta.url))
    .find((url) => url.protocol === 'file:' && existsSync(fileURLToPath(url)));
  if (found !== undefined) return found;
  throw new StorageError(
    'unavailable',
    'The embedded database runs in a file of its own, engines/embedded-worker.js, which is missing beside this package. A ' +
      'bundler probably left it behind: keep @tallykit/server-adapter out of the bundle (in Next, serverExternalPackages).',
  );
}

function errorOf({ message, code }: NonNullable<Reply['failure']>): Error {
  return Object.assign(new Error(message), code === null ? {} : { code });
}

/** Starts a thread with a database in `folder`, or in memory for null, and resolves when it answers. */
export async function startWorker(folder: string | null): Promise<WorkerClient> {
  const worker = new Worker(workerFile(), { workerData: { folder, compiled: await compiledDatabase() } });
  const pending = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  let lastId = 0;
  let ended: Error | undefined;

  // The thread keeps the process alive only while something is asked of it.
  const wait = (id: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (pending.size === 0) worker.ref();
      pending.set(id, { resolve, reject });
    });
  const refuseAll = (error: Error): void => {
    ended ??= error;
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  };
  worker.on('message', ({ id, value, failure }: Reply) => {
    const waiter = pending.get(id);
    pending.delete(id);
    if (pending.size === 0) worker.unref();
    if (failure === undefined) waiter?.resolve(value);
    else waiter?.reject(errorOf(failure));
  });
  worker.on('error', (error: Error) => {
    const message = `The embedded database stopped (${error.message}). Close the store and open it again.`;
    refuseAll(new StorageError('unavailable', message, { cause: error }));
  });
  worker.on('exit', () => refuseAll(new StorageError('store_closed', 'The embedded database was closed.')));

  try {
    await wait(0);
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  return {
    async ask<Value>(request: WorkerRequest) {
      if (ended !== undefined) throw ended;
      lastId += 1;
      const reply = wait(lastId);
      worker.postMessage({ ...request, id: lastId });
      // The worker answers each kind of request with its own kind of value.
      return (await reply) as Value;
    },
    async end() {
      if (ended !== undefined) return;
      const exit = once(worker, 'exit');
      const late = setTimeout(() => void worker.terminate(), endTimeoutMs);
      // Terminated in the middle of its work a thread can take the process with it, so it is asked to leave.
      worker.ref();
      worker.postMessage({ kind: 'end', id: -1 });
      await exit;
      clearTimeout(late);
    },
  };
}
