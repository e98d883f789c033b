import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../packages/server-adapter/src/cli/tallykit.ts', import.meta.url));

/** Where a server of a test keeps its data. */
export type ServerStore =
  | { readonly engine: 'embedded'; readonly folder: string }
  | { readonly engine: 'postgres'; readonly url: string };

/** A `tallykit serve` in a process of its own. */
export interface RunningServer {
  readonly endpoint: string;
  /** The ingest key that was printed; null at every start but the first. */
  readonly ingestKey: string | null;
  /** Ends the process as the system would when memory runs out: nothing of it is asked. */
  readonly kill: () => Promise<void>;
  /** Ends it as an operator would. */
  readonly stop: () => Promise<void>;
}

function storeArguments(store: ServerStore): readonly string[] {
  return store.engine === 'embedded' ? ['--data', store.folder] : ['--database-url', store.url];
}

/** Runs a command of `tallykit` from its source to the end and gives what it printed. */
export async function runTallykit(
  parameters: readonly string[],
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, ['--conditions=dev-source', command, ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  child.stderr.on('data', (part: Buffer) => (output += part.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill(signal);
  await closed;
}

/** Starts `tallykit serve` from its source and waits until it says where it is. */
export async function runServer(options: {
  readonly store: ServerStore;
  readonly port?: number;
  readonly flags?: readonly string[];
}): Promise<RunningServer> {
  const parameters = [
    'serve',
    '--port',
    String(options.port ?? 0),
    '--dev-auth',
    ...storeArguments(options.store),
    ...(options.flags ?? []),
  ];
  const child = spawn(process.execPath, ['--conditions=dev-source', command, ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const endpoint = await new Promise<string>((resolve, reject) => {
    const look = (part: Buffer): void => {
      output += part.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output);
      if (found) resolve(found[0]);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.on('close', (code) =>
      reject(new Error(`The server ended with code ${code} before it was ready:\n${output}`)),
    );
  });
  // The key is printed together with the address, but not always in the same piece.
  for (let waited = 0; waited < 20; waited++) {
    const ready = await fetch(`${endpoint}/readyz`).catch(() => null);
    if (ready?.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    endpoint,
    ingestKey: /tk_ingest_[A-Za-z0-9_-]+/.exec(output)?.[0] ?? null,
    kill: () => end(child, 'SIGKILL'),
    stop: () => end(child, 'SIGTERM'),
  };
}
