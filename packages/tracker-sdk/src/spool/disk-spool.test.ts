import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTracker } from '../create-tracker.ts';
import { startCollector } from '../delivery/__fixtures__/start-collector.ts';
import type { ManualCall, Tracker } from '../tracker.ts';
import type { TrackerOptions } from '../tracker-options.ts';
import { diskSpool } from './disk-spool.ts';

const host = fileURLToPath(new URL('./__fixtures__/recording-host.ts', import.meta.url));
const call: ManualCall = { provider: 'openai', requestModel: 'gpt-4o-mini', operation: 'chat' };
const nowhere = 'http://127.0.0.1:9';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tallykit-spool-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lines = (): string[] =>
  readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean));

const open = (options: Partial<TrackerOptions>): Tracker =>
  createTracker({ flushIntervalMs: 10, flushAtExit: false, spool: diskSpool({ folder }), ...options });

const until = async (done: () => boolean): Promise<void> => {
  const deadline = Date.now() + 15_000;
  while (!done()) {
    if (Date.now() > deadline) throw new Error('It did not happen within 15 s.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

/** Starts the host and kills it when it has recorded this many. Tells how many it had recorded for certain. */
async function killAfter(endpoint: string, wanted: number): Promise<number> {
  const child = spawn(process.execPath, ['--conditions=dev-source', host, folder, endpoint, '100000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let recorded = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    recorded = Number(line);
    if (recorded >= wanted) child.kill('SIGKILL');
  }
  await ended;
  return recorded;
}

type Collector = Awaited<ReturnType<typeof startCollector>>;

/** The numbers that the host gave to its events, of those that arrived, each event once. */
function numbersAt({ seen }: Collector): number[] {
  const events = seen.flatMap(({ request }) => request.events);
  return [...new Map(events.map(({ id, tags }) => [id, Number(tags?.['n'])])).values()].sort((a, b) => a - b);
}

describe('a process killed with signal 9', () => {
  test('while the server is away has lost nothing that it recorded', async () => {
    const recorded = await killAfter(nowhere, 1000);
    const collector = await startCollector();
    const next = open({ endpoint: collector.endpoint });
    await until(() => collector.landed.size >= recorded);
    await next.shutdown();
    const numbers = numbersAt(collector);
    expect(numbers).toEqual(numbers.map((_, index) => index));
    expect(lines()).toEqual([]);
    await collector.close();
  });

  test('while it delivers: everything arrives, and what arrives again has the same id', async () => {
    const collector = await startCollector();
    const recorded = await killAfter(collector.endpoint, 2000);
    const next = open({ endpoint: collector.endpoint });
    await until(() => collector.landed.size >= recorded);
    await next.shutdown();
    const numbers = numbersAt(collector);
    expect(numbers).toEqual(numbers.map((_, index) => index));
    expect(next.stats().lost).toEqual({});
    await collector.close();
  });

  test('twice, and the second time while it sends what the first one left', async () => {
    const first = await killAfter(nowhere, 500);
    const second = await killAfter(nowhere, 500);
    const collector = await startCollector();
    const next = open({ endpoint: collector.endpoint });
    await until(() => collector.landed.size >= first + second);
    await next.shutdown();
    expect(collector.landed.size).toBeGreaterThanOrEqual(first + second);
    expect(lines()).toEqual([]);
    await collector.close();
  });
});

test('what was sent leaves no trace on disk', async () => {
  const collector = await startCollector();
  const tracker = open({ endpoint: collector.endpoint });
  for (let index = 0; index < 250; index++) tracker.record(call);
  expect(lines()).toHaveLength(250);
  await tracker.flush();
  expect(lines()).toEqual([]);
  await tracker.shutdown();
  expect(readdirSync(folder)).toEqual([]);
  await collector.close();
});

test('a shutdown with the server away loses nothing', async () => {
  const tracker = open({ endpoint: nowhere, flushTimeoutMs: 50 });
  for (let index = 0; index < 30; index++) tracker.record(call);
  expect(await tracker.shutdown()).toBe(false);
  expect(tracker.stats()).toMatchObject({ recorded: 30, queued: 30, lost: {} });
  const collector = await startCollector();
  const next = open({ endpoint: collector.endpoint });
  await until(() => collector.landed.size === 30);
  await next.shutdown();
  await collector.close();
});

test('events are told apart by their own ids, whatever their tags are called', async () => {
  const tracker = open({ endpoint: nowhere, flushTimeoutMs: 50 });
  const tags = { id: 'ticket_1' };
  for (let n = 0; n < 2; n++) tracker.record({ ...call, tags });
  for (let n = 0; n < 2; n++) tracker.signal('ticket_resolved', { tags });
  const toolCall = { tool: 'search', status: 'ok', durationMs: 1, tags } as const;
  for (let n = 0; n < 2; n++) tracker.toolCall(toolCall);
  await tracker.shutdown();
  expect(tracker.stats()).toMatchObject({ queued: 6, lost: {} });
  for (const line of lines()) expect(line).toMatch(/^{("kind":"\w+",)?"id":"0/);
});

test('what does not fit into memory waits on disk, in place of being dropped', async () => {
  let status = 503;
  const collector = await startCollector(() => ({ status }));
  const tracker = open({
    endpoint: collector.endpoint,
    flushTimeoutMs: 200,
    maxQueueEvents: 50,
    maxBatchEvents: 20,
  });
  for (let index = 0; index < 500; index++) tracker.record({ ...call, tags: { n: String(index) } });
  await tracker.flush();
  expect(tracker.stats()).toMatchObject({ recorded: 500, queued: 500, lost: {} });
  status = 200;
  await until(() => collector.landed.size === 500);
  await tracker.flush();
  expect(tracker.stats()).toMatchObject({ recorded: 500, accepted: 500, queued: 0, lost: {} });
  expect(lines()).toEqual([]);
  await tracker.shutdown();
  await collector.close();
});

test('what fits neither into memory nor on disk is counted as lost', async () => {
  const spool = diskSpool({ folder, maxBytes: 2000, segmentBytes: 1000 });
  const tracker = open({ endpoint: nowhere, spool, maxQueueEvents: 10, flushTimeoutMs: 20 });
  for (let index = 0; index < 100; index++) tracker.record(call);
  await tracker.shutdown();
  const { recorded, queued, lost } = tracker.stats();
  expect(queued).toBe(lines().length);
  expect(queued + Object.values(lost).reduce((sum, count) => sum + count, 0)).toBe(recorded);
});

test('the segment of a living process is left alone', async () => {
  const spool = diskSpool({ folder });
  spool.keep('{"id":"018f0000-0000-7000-8000-000000000001"}');
  const adopted: string[] = [];
  const other = diskSpool({ folder });
  other.open((event) => adopted.push(event));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(adopted).toEqual([]);
  spool.close(1);
  const third = diskSpool({ folder });
  third.open((event) => adopted.push(event));
  await until(() => adopted.length === 1);
  for (const each of [other, third]) each.close(0);
});

test('the segment of a living thread is left alone, and that of a terminated one taken over', async () => {
  const thread = new Worker(new URL('./__fixtures__/spooling-thread.ts', import.meta.url), {
    workerData: folder,
    execArgv: ['--conditions=dev-source'],
  });
  thread.postMessage('{"id":"018f0000-0000-7000-8000-000000000001"}');
  expect(await once(thread, 'message')).toEqual(['kept']);
  const adopted: string[] = [];
  const beside = diskSpool({ folder });
  beside.open((event) => adopted.push(event));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(adopted).toEqual([]);
  thread.postMessage('{"id":"018f0000-0000-7000-8000-000000000002"}');
  expect(await once(thread, 'message')).toEqual(['kept']);
  expect(lines()).toHaveLength(2);
  await thread.terminate();
  // Elsewhere nobody tells whether a thread still lives, so its events wait for the next process.
  if (process.platform === 'linux') {
    const next = diskSpool({ folder });
    next.open((event) => adopted.push(event));
    await until(() => adopted.length === 2);
    next.close(0);
  }
  beside.close(0);
});

test('a line that was cut while it was written is left out', async () => {
  const tracker = open({ endpoint: nowhere, flushTimeoutMs: 20 });
  tracker.record(call);
  await tracker.shutdown();
  const [name = ''] = readdirSync(folder);
  appendFileSync(join(folder, name), '{"kind":"llm_call","id":"018f0000-0000-7000-8000-0000');
  const collector = await startCollector();
  const next = open({ endpoint: collector.endpoint });
  await until(() => collector.landed.size === 1);
  await next.shutdown();
  expect(readdirSync(folder)).toEqual([]);
  await collector.close();
});

test('what was written after a line that was cut takes no batch with it', async () => {
  const abandoned = open({ endpoint: nowhere, flushIntervalMs: 60_000 });
  for (let n = 0; n < 2; n++) abandoned.record(call);
  const [name = ''] = readdirSync(folder);
  const [first = '', second = ''] = lines();
  await abandoned.shutdown();
  writeFileSync(
    join(folder, name.replace(/~\d+~/, '~999999999~')),
    `${first.slice(0, 40)}${first}\n${second}\n`,
  );
  rmSync(join(folder, name), { force: true });
  const collector = await startCollector();
  const tracker = open({ endpoint: collector.endpoint });
  await until(() => tracker.stats().accepted === 1);
  expect(tracker.stats().lost).toEqual({});
  await tracker.shutdown();
  await collector.close();
});

test('an event that comes again by its key leaves no trace on disk either', async () => {
  const collector = await startCollector();
  const tracker = open({ endpoint: collector.endpoint });
  for (let n = 0; n < 3; n++) tracker.signal('ticket_resolved', { idempotencyKey: 'ticket_1' });
  await tracker.flush();
  expect(lines()).toEqual([]);
  await tracker.shutdown();
  expect(readdirSync(folder)).toEqual([]);
  await collector.close();
});

test('files of others in the folder stay as they are', async () => {
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  writeFileSync(join(folder, 'other-host~1~0~spool~1.jsonl'), '{"id":"a"}\n');
  const collector = await startCollector();
  const tracker = open({ endpoint: collector.endpoint });
  tracker.record(call);
  await tracker.shutdown();
  expect(readdirSync(folder).sort()).toEqual(['notes.txt', 'other-host~1~0~spool~1.jsonl']);
  await collector.close();
});

test('only its owner can read what waits', () => {
  const spool = diskSpool({ folder: join(folder, 'inner') });
  spool.keep('{"id":"a"}');
  const [name = ''] = readdirSync(join(folder, 'inner'));
  expect(statSync(join(folder, 'inner')).mode & 0o077).toBe(0);
  expect(statSync(join(folder, 'inner', name)).mode & 0o077).toBe(0);
  spool.close(1);
});

test('a disk that refuses is told to the host and costs it nothing else', async () => {
  const errors: unknown[] = [];
  const inner = join(folder, 'inner');
  const spool = diskSpool({ folder: inner, onError: (error) => errors.push(error) });
  rmSync(inner, { recursive: true });
  const collector = await startCollector();
  const tracker = open({ endpoint: collector.endpoint, spool });
  tracker.record(call);
  await tracker.shutdown();
  expect(collector.landed.size).toBe(1);
  expect(errors.length).toBeGreaterThan(0);
  await collector.close();
});
