import { expect, test, vi } from 'vitest';
import { createTracker } from '../create-tracker.ts';
import type { ManualCall } from '../tracker.ts';
import { startCollector } from './__fixtures__/start-collector.ts';

const call: ManualCall = { provider: 'openai', requestModel: 'gpt-4o-mini', operation: 'chat' };

/** A host that only runs while somebody waits for the work it was given. */
function freezingHost() {
  const work: Promise<unknown>[] = [];
  return { waitUntil: (each: Promise<unknown>) => void work.push(each), work };
}

test('the work that the host is given ends when everything has arrived', async () => {
  const collector = await startCollector();
  const { waitUntil, work } = freezingHost();
  const tracker = createTracker({
    endpoint: collector.endpoint,
    waitUntil,
    flushIntervalMs: 60_000,
    flushAtExit: false,
  });
  for (let index = 0; index < 5; index++) tracker.record(call);
  expect(work).toHaveLength(1);
  await Promise.all(work);
  expect(collector.landed.size).toBe(5);
  expect(collector.seen).toHaveLength(1);
  await tracker.shutdown();
  await collector.close();
});

test('each time that something is recorded anew, the host is given work anew', async () => {
  const collector = await startCollector();
  const { waitUntil, work } = freezingHost();
  const tracker = createTracker({ endpoint: collector.endpoint, waitUntil, flushAtExit: false });
  for (let invocation = 1; invocation <= 3; invocation++) {
    tracker.record(call);
    await Promise.all(work);
    expect(collector.landed.size).toBe(invocation);
  }
  expect(work).toHaveLength(3);
  await tracker.shutdown();
  await collector.close();
});

test('the host waits no longer than a flush takes at most when the server is away', async () => {
  const { waitUntil, work } = freezingHost();
  const tracker = createTracker({
    endpoint: 'http://127.0.0.1:9',
    waitUntil,
    flushTimeoutMs: 50,
    flushAtExit: false,
  });
  tracker.record(call);
  await Promise.all(work);
  expect(tracker.stats()).toMatchObject({ queued: 1, lost: {} });
  await tracker.shutdown();
});

test('a waitUntil that throws, as outside of a request, costs the host nothing', async () => {
  const collector = await startCollector();
  const tracker = createTracker({
    endpoint: collector.endpoint,
    flushAtExit: false,
    waitUntil: () => {
      throw new Error('No request is being answered.');
    },
  });
  expect(() => tracker.record(call)).not.toThrow();
  await tracker.flush();
  expect(collector.landed.size).toBe(1);
  await tracker.shutdown();
  await collector.close();
});

test('a flush takes over from a drain that the host ended in the middle of a request', async () => {
  const collector = await startCollector();
  let clock = Date.now();
  let isGone = true;
  const tracker = createTracker({
    endpoint: collector.endpoint,
    flushAtExit: false,
    flushTimeoutMs: 100,
    requestTimeoutMs: 2000,
    now: () => clock,
    fetch: (url, init) => (isGone ? new Promise<Response>(() => undefined) : fetch(url, init)),
  });
  tracker.record(call);
  expect(await tracker.flush()).toBe(false);
  isGone = false;
  clock += 1000;
  expect(await tracker.flush()).toBe(false);
  clock += 3000;
  expect(await tracker.flush()).toBe(true);
  expect(tracker.stats()).toMatchObject({ recorded: 1, accepted: 1, queued: 0, lost: {} });
  await tracker.shutdown();
  await collector.close();
});

test('two flushes at once, one of which takes over from a pause, both wait until everything has arrived', async () => {
  let status = 503;
  const collector = await startCollector(() => ({ status, delayMs: 50 }));
  const tracker = createTracker({ endpoint: collector.endpoint, flushAtExit: false, flushTimeoutMs: 150 });
  tracker.record(call);
  expect(await tracker.flush()).toBe(false);
  status = 200;
  expect(await Promise.all([tracker.flush(), tracker.flush()])).toEqual([true, true]);
  expect([...collector.landed.values()]).toEqual([1]);
  await tracker.shutdown();
  await collector.close();
});

test('work that the host ended before it was done is given anew', async () => {
  const collector = await startCollector();
  const { waitUntil, work } = freezingHost();
  let clock = Date.now();
  const tracker = createTracker({
    endpoint: collector.endpoint,
    waitUntil,
    now: () => clock,
    flushAtExit: false,
  });
  const timers = vi.spyOn(globalThis, 'setTimeout').mockImplementation(() => 0 as never);
  tracker.record(call);
  timers.mockRestore();
  tracker.record(call);
  expect(work).toHaveLength(1);
  clock += 5000;
  tracker.record(call);
  expect(work).toHaveLength(2);
  await work[1];
  expect(collector.landed.size).toBe(3);
  await tracker.shutdown();
  await collector.close();
});

test('conformance 12, without waitUntil: what was recorded waits for the flush that the host makes', async () => {
  const collector = await startCollector();
  const tracker = createTracker({
    endpoint: collector.endpoint,
    flushIntervalMs: 60_000,
    flushAtExit: false,
  });
  for (let index = 0; index < 5; index++) tracker.record(call);
  expect(tracker.stats()).toMatchObject({ queued: 5, lost: {} });
  expect(collector.landed.size).toBe(0);
  expect(await tracker.flush()).toBe(true);
  expect(collector.landed.size).toBe(5);
  await tracker.shutdown();
  await collector.close();
});
