import { expect, test } from 'vitest';
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
