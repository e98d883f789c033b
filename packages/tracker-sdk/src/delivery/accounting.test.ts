import type { IngestProblem, IngestRequest } from '@tallykit/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTracker } from '../create-tracker.ts';
import { problem, record, setUp } from './__fixtures__/set-up.ts';

test('conformance 12, the collector is down: a server that is down for the whole run costs bounded memory, and every loss is counted', async () => {
  const { tracker } = await setUp(undefined, {
    endpoint: 'http://127.0.0.1:9',
    maxQueueEvents: 500,
    flushIntervalMs: 5,
    flushTimeoutMs: 30,
  });
  for (let round = 0; round < 20; round++) {
    record(tracker, 250);
    await new Promise((resolve) => setTimeout(resolve, 2));
    expect(tracker.stats().queued).toBeLessThanOrEqual(500 + 500);
  }
  expect(await tracker.shutdown()).toBe(false);
  const { recorded, accepted, queued, lost } = tracker.stats();
  expect(recorded).toBe(5000);
  expect([accepted, queued]).toEqual([0, 0]);
  expect((lost.queue_full ?? 0) + (lost.shutdown_timeout ?? 0)).toBe(5000);
});

test('the account is right at any moment, also inside of hooks', async () => {
  let turn = 0;
  const wrong: unknown[] = [];
  const check = (): void => {
    const { recorded, accepted, duplicates, queued, lost } = tracker.stats();
    const lostEvents = Object.values(lost).reduce((sum, count) => sum + count, 0);
    if (accepted + duplicates + queued + lostEvents !== recorded) wrong.push(tracker.stats());
  };
  const { collector, tracker } = await setUp(
    () => {
      check();
      const status = [500, 413, 400, 500, 200, 500][turn++ % 6] ?? 200;
      return { status };
    },
    { maxAttempts: 1, maxBatchEvents: 7, maxQueueEvents: 20, onLoss: () => check(), onError: () => check() },
  );
  for (let round = 0; round < 6; round++) {
    record(tracker, 11);
    check();
    await tracker.flush();
    check();
  }
  expect(collector.seen.length).toBeGreaterThan(6);
  expect(wrong).toEqual([]);
});

test('losses that happen while a report is on the way are reported with the next', async () => {
  const { collector, tracker } = await setUp(() => ({ delayMs: 30 }));
  tracker.recorder.lose('unsupported_sdk');
  record(tracker, 1);
  const flushed = tracker.flush();
  await expect.poll(() => collector.seen.length).toBe(1);
  tracker.recorder.lose('unsupported_sdk');
  await flushed;
  await tracker.flush();
  expect(collector.seen.map(({ request }) => request.losses)).toEqual([
    [{ reason: 'unsupported_sdk', count: 1 }],
    [{ reason: 'unsupported_sdk', count: 1 }],
  ]);
});

test('the queue gives up what matters least first, then what is oldest', async () => {
  const { collector, tracker } = await setUp(undefined, { maxQueueEvents: 3 });
  const calls = ['first', 'second', 'third', 'fourth'].map((operation) =>
    tracker.recorder.start({ provider: 'p', operation, requestModel: 'm' }),
  );
  // Each failed attempt lands behind the ends that were recorded before it.
  for (const call of calls) {
    call.attemptFailed({ status: 'error', complete: true });
    call.end({ status: 'ok', complete: true });
  }
  await tracker.flush();
  const landed = collector.seen[0]?.request.events;
  expect(landed?.map((event) => event.kind === 'llm_call' && [event.operation, event.final])).toEqual([
    ['second', true],
    ['third', true],
    ['fourth', true],
  ]);
  expect(tracker.stats().lost).toEqual({ queue_full: 5 });
});

test('whatever the server does, every event is accounted for', async () => {
  const misbehaviour = fc.constantFrom(
    'ok',
    'ok',
    'reject',
    'unknown',
    'duplicate',
    '413',
    '400',
    'html',
    '503',
    '503',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(misbehaviour, { minLength: 1, maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
      async (script, portions) => {
        let turn = 0;
        const respond = (request: IngestRequest): Response => {
          const size = request.events.length;
          const answer = (accepted: number, duplicates: number, problems: IngestProblem[] = []) =>
            Response.json({ accepted, duplicates, problems });
          switch (script[turn++ % script.length]) {
            case 'reject':
              return answer(size - 1, 0, size > 0 ? [problem(0, {})] : []);
            case 'unknown':
              return answer(
                0,
                0,
                request.events.map((_, index) =>
                  problem(index, { code: 'unknown_key', pointer: '/provider' }),
                ),
              );
            case 'duplicate':
              return answer(0, size);
            case '413':
              return new Response('', { status: size > 5 ? 413 : 400 });
            case '503':
              return new Response('', { status: 503 });
            case '400':
              return new Response('', { status: 400 });
            case 'html':
              return new Response('<html>');
            default:
              return answer(size, 0);
          }
        };
        const tracker = createTracker({
          endpoint: 'http://collector',
          flushAtExit: false,
          maxBatchEvents: 16,
          maxQueueEvents: 60,
          maxAttempts: 1,
          flushTimeoutMs: 4,
          fetch: async (_, init) => {
            const { body, headers } = init as { body: ArrayBuffer; headers: Record<string, string> };
            const source = new Blob([body]).stream();
            const zipped = headers['content-encoding'] === 'gzip';
            const text = await new Response(
              zipped ? source.pipeThrough(new DecompressionStream('gzip')) : source,
            ).text();
            return respond(JSON.parse(text) as IngestRequest);
          },
        });
        for (const portion of portions) {
          record(tracker, portion);
          await tracker.flush();
        }
        await tracker.shutdown();
        const { recorded, accepted, duplicates, queued, lost } = tracker.stats();
        const { field_stripped: _, ...events } = lost;
        const lostEvents = Object.values(events).reduce((sum, count) => sum + count, 0);
        expect(queued).toBe(0);
        expect(accepted + duplicates + lostEvents).toBe(recorded);
        expect(recorded).toBe(portions.reduce((sum, portion) => sum + portion, 0));
      },
    ),
    { numRuns: 60 },
  );
});
