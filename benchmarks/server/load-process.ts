import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A second process that has made its requests ready and waits to send them. */
export interface LoadProcess {
  /** Sends everything; resolves when the last answer is there. */
  readonly send: () => Promise<void>;
}

/** Starts the sender of `events` events; resolves when it is ready. */
export async function startLoad(options: {
  readonly endpoint: string;
  readonly apiKey: string;
  readonly events: number;
  readonly seed: number;
}): Promise<LoadProcess> {
  const file = fileURLToPath(new URL('send-load.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    [file, options.endpoint, options.apiKey, String(options.events), String(options.seed)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const closed = once(child, 'close') as Promise<[number | null]>;
  await Promise.race([once(child.stdout, 'data'), closed]);
  return {
    send: async () => {
      child.stdin.write('go\n');
      const [code] = await closed;
      if (code !== 0) throw new Error(`The sender ended with code ${code}.`);
    },
  };
}
