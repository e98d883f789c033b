// Started by file name as a worker thread, from source and from the built package alike, so it imports no sibling file.
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';

interface Request {
  readonly id: number;
  readonly kind: 'query' | 'script' | 'execute' | 'lease' | 'release' | 'close' | 'end';
  /** Number of the lease that the request belongs to; absent outside a transaction. */
  readonly lease?: number;
  readonly text?: string;
  readonly parameters?: unknown[];
}

if (parentPort === null)
  throw new Error('This file is a worker thread of the embedded store and cannot be run alone.');
const port = parentPort;
const { folder, compiled } = workerData as {
  readonly folder: string | null;
  readonly compiled: PGliteOptions | null;
};
const opening = PGlite.create({ ...compiled, ...(folder === null ? {} : { dataDir: folder }) });

const waiting: Request[] = [];
let holder: number | null = null;
let isBusy = false;

async function answer(database: PGlite, request: Request): Promise<unknown> {
  const { kind, text = '', parameters } = request;
  if (kind === 'query') return (await database.query(text, parameters)).rows;
  if (kind === 'script') return void (await database.exec(text));
  if (kind === 'lease') return (holder = request.id);
  if (kind === 'close') return database.close();
  if (kind === 'release') {
    holder = null;
    return text === '' ? undefined : void (await database.exec(text));
  }
  if (parameters !== undefined && parameters.length > 0) return (await database.query(text, parameters)).rows;
  try {
    return (await database.exec(text)).flatMap(({ rows }) => rows);
  } catch (error) {
    await database.exec('rollback');
    throw error;
  }
}

async function end(): Promise<void> {
  const database = await opening;
  if (!database.closed) await database.close();
  port.close();
}

async function perform(request: Request): Promise<void> {
  try {
    const value = await answer(await opening, request);
    port.postMessage({ id: request.id, value });
  } catch (error) {
    const { message, code } = error as { message?: string; code?: string };
    port.postMessage({ id: request.id, failure: { message: message ?? String(error), code: code ?? null } });
  }
}

// While a lease is held, only its own requests run: no foreign statement lands inside a transaction.
async function pump(): Promise<void> {
  if (isBusy) return;
  isBusy = true;
  for (;;) {
    const next = holder === null ? 0 : waiting.findIndex(({ lease }) => lease === holder);
    const [request] = next < 0 ? [] : waiting.splice(next, 1);
    if (request === undefined) break;
    await perform(request);
  }
  isBusy = false;
}

port.on('message', (request: Request) => {
  // Whatever waits is refused by the other side when this thread is gone.
  if (request.kind === 'end') return void end().catch(() => port.close());
  waiting.push(request);
  void pump();
});

opening.then(
  () => port.postMessage({ id: 0, value: null }),
  (error: unknown) => port.postMessage({ id: 0, failure: { message: String(error), code: null } }),
);
