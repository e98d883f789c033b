import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TrackerStats } from '@tallykit/tracker-sdk';
import { startHostServer, type HostServer } from '../start-host-server.ts';

const program = fileURLToPath(new URL('./freezing-host.ts', import.meta.url));
const invocations = 50;

let server: HostServer;
let host: ChildProcess;

beforeAll(async () => {
  server = await startHostServer();
});
afterAll(() => server?.close());

/** Runs invocations on a host that stands still between them, and gives what the server had when it stood still at last. */
async function invoke(ending: string, customer: string): Promise<{ readonly atRest: number }> {
  host = fork(program, [ending, server.endpoint, server.apiKey, customer], {
    execArgv: ['--conditions=dev-source'],
  });
  await once(host, 'message');
  for (let index = 0; index < invocations; index++) {
    host.kill('SIGCONT');
    host.send('invoke');
    await once(host, 'message');
    host.kill('SIGSTOP');
  }
  return { atRest: await server.callsOf(customer, ending === 'nothing' ? 0 : invocations) };
}

/** Thaws the host, asks for its figures, and lets it end. */
async function thaw(): Promise<TrackerStats> {
  host.kill('SIGCONT');
  host.send('end');
  const [stats] = (await once(host, 'message')) as [TrackerStats];
  expect(await once(host, 'exit')).toEqual([0, null]);
  return stats;
}

describe('a host that freezes as soon as it has answered', () => {
  test.each(['waitUntil', 'flush'])(
    'loses nothing with %s: all has arrived while it is frozen',
    async (ending) => {
      const { atRest } = await invoke(ending, `frozen-${ending}`);
      expect(atRest).toBe(invocations);
      expect(await thaw()).toMatchObject({
        recorded: invocations,
        accepted: invocations,
        queued: 0,
        lost: {},
      });
      expect(await server.callsOf(`frozen-${ending}`, invocations)).toBe(invocations);
    },
  );

  test('loses nothing without either while it lives: what was left goes out when it thaws', async () => {
    const customer = 'frozen-nothing';
    await invoke('nothing', customer);
    const { recorded, accepted, duplicates, queued, lost } = await thaw();
    expect({ recorded, lost }).toEqual({ recorded: invocations, lost: {} });
    expect(accepted + duplicates + queued).toBe(invocations);
    expect(await server.callsOf(customer, invocations)).toBe(invocations);
  });
});
