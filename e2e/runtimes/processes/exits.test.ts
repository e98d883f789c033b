import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTracker } from '@tallykit/tracker-sdk';
import { diskSpool } from '@tallykit/tracker-sdk/spool';
import { startHostServer, type HostServer } from '../start-host-server.ts';

const program = fileURLToPath(new URL('./exiting-host.ts', import.meta.url));

/** One way for a process to end. `arrives`: of five calls, without a spool; with one, all five do. */
interface Ending {
  readonly how: string;
  readonly host: string;
  readonly signal?: NodeJS.Signals;
  /** As without a tracker. */
  readonly ends: readonly [code: number | null, signal: NodeJS.Signals | null];
  readonly arrives: number;
}

const endings: readonly Ending[] = [
  { how: 'has nothing left to do', host: 'natural', ends: [4, null], arrives: 5 },
  { how: 'flushes and exits', host: 'flushed', ends: [6, null], arrives: 5 },
  { how: 'exits without a flush', host: 'exit', ends: [5, null], arrives: 0 },
  { how: 'throws what nobody catches', host: 'exception', ends: [1, null], arrives: 0 },
  { how: 'leaves a rejection unhandled', host: 'rejection', ends: [1, null], arrives: 0 },
  { how: 'shuts down on SIGTERM', host: 'handled', signal: 'SIGTERM', ends: [0, null], arrives: 5 },
  { how: 'knows nothing of SIGTERM', host: 'stays', signal: 'SIGTERM', ends: [null, 'SIGTERM'], arrives: 0 },
  { how: 'knows nothing of SIGINT', host: 'stays', signal: 'SIGINT', ends: [null, 'SIGINT'], arrives: 0 },
  { how: 'is killed', host: 'stays', signal: 'SIGKILL', ends: [null, 'SIGKILL'], arrives: 0 },
];

let server: HostServer;
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallykit-exits-'));
  server = await startHostServer();
});
afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

const customerOf = ({ how }: Ending, spool: string): string => `${how.replaceAll(' ', '-')}-${spool}`;

/** Lets a host end, and tells how it did and what it wrote. */
async function letEnd(ending: Ending, spool?: string) {
  const customer = customerOf(ending, spool ? 'spool' : 'memory');
  const parameters = [ending.host, server.endpoint, server.apiKey, customer, ...(spool ? [spool] : [])];
  const child = spawn(process.execPath, ['--conditions=dev-source', program, ...parameters]);
  let written = '';
  child.stdout.on('data', (part: Buffer) => {
    written += part.toString();
    if (ending.signal && written.includes('ready')) child.kill(ending.signal);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { ends: [code, signal], lost: written.replace('ready\n', '') };
}

describe.each(endings)('a process that $how', (ending) => {
  test('ends as it would without a tracker, also with a spool, and reports nothing as lost that is not', async () => {
    const asItWould = { ends: ending.ends, lost: '' };
    const both = [letEnd(ending), letEnd(ending, join(folder, 'spool'))];
    expect(await Promise.all(both)).toEqual([asItWould, asItWould]);
  });
});

describe('after the next process has opened the spool', () => {
  beforeAll(async () => {
    const next = createTracker({
      endpoint: server.endpoint,
      apiKey: server.apiKey,
      spool: diskSpool({ folder: join(folder, 'spool') }),
      flushIntervalMs: 20,
      flushAtExit: false,
    });
    for (const ending of endings) await server.callsOf(customerOf(ending, 'spool'), 5);
    await next.shutdown();
  });

  test.each(endings)(
    'all calls of one that $how are counted once, and without a spool $arrives',
    async (ending) => {
      expect(await server.callsOf(customerOf(ending, 'spool'), 5)).toBe(5);
      expect(await server.callsOf(customerOf(ending, 'memory'), ending.arrives)).toBe(ending.arrives);
    },
  );
});
