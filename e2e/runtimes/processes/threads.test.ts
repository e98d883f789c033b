import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTracker, type Tracker } from '@tallykit/tracker-sdk';
import { diskSpool } from '@tallykit/tracker-sdk/spool';
import { startHostServer, type HostServer } from '../start-host-server.ts';
import type { ThreadSettings } from './threaded-host.ts';

const program = new URL('./threaded-host.ts', import.meta.url);
const many = 4;
const callsEach = 25;

let server: HostServer;
let place = '';
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'tallykit-threads-'));
  server = await startHostServer();
});
afterAll(async () => {
  await server?.close();
  await rm(place, { recursive: true, force: true });
});

const settingsOf = (
  ending: ThreadSettings['ending'],
  customerId: string,
  folder?: string,
): ThreadSettings => ({
  ending,
  endpoint: server.endpoint,
  apiKey: server.apiKey,
  customerId,
  ...(folder && { folder }),
});

const thread = (workerData: ThreadSettings): Worker =>
  new Worker(program, { workerData, execArgv: ['--conditions=dev-source'] });

const nextOf = (folder: string): Tracker =>
  createTracker({
    endpoint: server.endpoint,
    apiKey: server.apiKey,
    spool: diskSpool({ folder }),
    flushIntervalMs: 20,
    flushAtExit: false,
  });

test('threads with a tracker each lose nothing when they shut it down before they end', async () => {
  const settings = settingsOf('shutdown', 'threads');
  const ends = Array.from({ length: many }, () => once(thread(settings), 'exit'));
  expect(await Promise.all(ends)).toEqual(Array.from({ length: many }, () => [0]));
  expect(await server.callsOf('threads', many * callsEach)).toBe(many * callsEach);
});

// Elsewhere nobody tells whether a thread still lives, so its events wait for the next process.
test.runIf(process.platform === 'linux')(
  'terminated threads with a spool lose no call that had ended, while others of the process use the folder',
  async () => {
    const folder = join(place, 'terminated');
    const threads = Array.from({ length: many }, () => thread(settingsOf('stays', 'terminated', folder)));
    await Promise.all(threads.map((each) => once(each, 'message')));
    const beside = nextOf(folder);
    await beside.flush();
    expect(beside.stats()).toMatchObject({ recorded: 0 });
    await Promise.all(threads.map((each) => each.terminate()));
    const next = nextOf(folder);
    expect(await server.callsOf('terminated', many * callsEach)).toBe(many * callsEach);
    await Promise.all([next.shutdown(), beside.shutdown()]);
    expect(await readdir(folder)).toEqual([]);
  },
);

test('processes that share a folder send their own calls, each once, and leave nothing behind', async () => {
  const folder = join(place, 'cluster');
  const settings = JSON.stringify(settingsOf('shutdown', 'cluster', folder));
  const ends = Array.from({ length: many }, () =>
    once(spawn(process.execPath, ['--conditions=dev-source', fileURLToPath(program), settings]), 'exit'),
  );
  expect(await Promise.all(ends)).toEqual(Array.from({ length: many }, () => [0, null]));
  expect(await server.callsOf('cluster', many * callsEach)).toBe(many * callsEach);
  expect(await readdir(folder)).toEqual([]);
});
