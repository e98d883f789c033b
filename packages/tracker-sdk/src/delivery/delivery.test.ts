import type { IngestProblem, IngestRequest, LossCount } from '@tallykit/protocol';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { createTracker } from '../create-tracker.ts';
import type { TrackerError } from '../errors/tracker-error.ts';
import type { TrackerOptions } from '../tracker-options.ts';
import type { ManualCall, Tracker } from '../tracker.ts';
import { type CollectorAnswer, startCollector } from './__fixtures__/start-collector.ts';

const opened: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const resource of opened.splice(0)) await resource.close();
});

const call: ManualCall = {
  provider: 'openai',
  requestModel: 'gpt-4o-mini',
  operation: 'chat',
  usage: { input: 9 },
};

async function setUp(
  answer?: (request: IngestRequest, index: number) => CollectorAnswer,
  options: TrackerOptions = {},
) {
  const collector = await startCollector(answer);
  const losses: LossCount[] = [];
  const errors: TrackerError[] = [];
  const tracker = createTracker({
    endpoint: collector.endpoint,
    apiKey: 'tk_test',
    flushAtExit: false,
    onLoss: (loss) => losses.push(loss),
    onError: (error) => errors.push(error),
    ...options,
  });
  opened.push({ close: () => tracker.shutdown() }, collector);
  return { collector, tracker, losses, errors };
}

function record(tracker: Tracker, count: number): void {
  for (let index = 0; index < count; index++) tracker.record(call);
}

/** Requests that carried events; those that only report losses apart. */
const offersOf = ({ seen }: Awaited<ReturnType<typeof startCollector>>): number =>
  seen.filter(({ request }) => request.events.length > 0).length;

const problem = (index: number, rest: Partial<IngestProblem>): IngestProblem => ({
  index,
  id: null,
  outcome: 'rejected',
  code: 'invalid_event',
  pointer: '',
  detail: '',
  ...rest,
});

describe('a batch', () => {
  test('goes out gzipped, with the key, after the interval and not before', async () => {
    const { collector, tracker } = await setUp(undefined, { flushIntervalMs: 40 });
    record(tracker, 20);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(collector.seen).toHaveLength(0);
    await expect.poll(() => collector.seen.length).toBe(1);
    const [sent] = collector.seen;
    expect(sent?.path).toBe('/v1/events');
    expect(sent?.headers).toMatchObject({
      authorization: 'Bearer tk_test',
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    });
    expect(sent?.request.events).toHaveLength(20);
    expect(sent?.wireBytes).toBeLessThan(20 * 120);
    await expect.poll(() => tracker.stats().accepted).toBe(20);
  });

  test('goes out at once when it is full, by number or by size', async () => {
    const { collector, tracker } = await setUp(undefined, { flushIntervalMs: 60_000, maxBatchEvents: 10 });
    record(tracker, 25);
    await expect.poll(() => collector.landed.size).toBe(20);
    await tracker.flush();
    expect(collector.seen.map(({ request }) => request.events.length)).toEqual([10, 10, 5]);

    const sized = await setUp(undefined, { flushIntervalMs: 60_000, maxBatchBytes: 2000 });
    record(sized.tracker, 12);
    await sized.tracker.flush();
    for (const { request } of sized.collector.seen) {
      expect(JSON.stringify(request.events).length).toBeLessThan(2100);
    }
    expect(sized.collector.landed.size).toBe(12);
  });

  test('too large for the server is halved until it fits, and stays small', async () => {
    const { collector, tracker } = await setUp(
      (request) => (request.events.length > 30 ? { status: 413 } : {}),
      { maxBatchEvents: 100 },
    );
    record(tracker, 100);
    await tracker.flush();
    const requests = tracker.stats().requests;
    expect(requests).toBe(6);
    record(tracker, 100);
    await tracker.flush();
    expect(tracker.stats().requests).toBe(requests + 4);
    expect(collector.landed.size).toBe(200);
    expect(tracker.stats()).toMatchObject({ accepted: 200, lost: {} });
  });

  test('of a single event that is still too large is given up and counted', async () => {
    const { tracker } = await setUp(() => ({ status: 413 }));
    record(tracker, 4);
    await tracker.flush();
    expect(tracker.stats()).toMatchObject({ recorded: 4, queued: 0, lost: { event_too_large: 4 } });
  });
});

describe('a server in trouble', () => {
  test.each([429, 503])('that answers %i with Retry-After is left in peace for that long', async (status) => {
    const times: number[] = [];
    const { tracker, errors } = await setUp((_, index) => {
      times.push(Date.now());
      return index === 0 ? { status, headers: { 'retry-after': '1' } } : {};
    });
    record(tracker, 3);
    expect(await tracker.flush()).toBe(true);
    expect(times).toHaveLength(2);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(950);
    expect(errors.map(({ code }) => code)).toEqual(['delivery_failed']);
    expect(tracker.stats()).toMatchObject({ accepted: 3, lost: {} });
  });

  test('that comes back gets everything, exactly once', async () => {
    let down = true;
    const { collector, tracker } = await setUp(() => (down ? { status: 503 } : {}), { flushTimeoutMs: 50 });
    record(tracker, 1200);
    expect(await tracker.flush()).toBe(false);
    expect(tracker.stats()).toMatchObject({ queued: 1200, accepted: 0 });
    down = false;
    await expect.poll(() => tracker.flush()).toBe(true);
    expect(collector.landed.size).toBe(1200);
    expect(tracker.stats()).toMatchObject({ accepted: 1200, duplicates: 0, queued: 0, lost: {} });
  });

  test('that took a batch without answering gets it again, and knows it', async () => {
    let first = true;
    const setup = await setUp(
      (request) => {
        if (!first) return {};
        first = false;
        setup.collector.accept(request);
        return { delayMs: 200 };
      },
      { requestTimeoutMs: 40 },
    );
    record(setup.tracker, 5);
    expect(await setup.tracker.flush()).toBe(true);
    expect(setup.tracker.stats()).toMatchObject({ accepted: 0, duplicates: 5, lost: {} });
  });

  test.each([
    [401, 'unauthorized'],
    [500, 'retries_exhausted'],
  ] as const)('that answers %i is tried a limited number of times', async (status, reason) => {
    const { collector, tracker, errors } = await setUp(() => ({ status }), { maxAttempts: 2 });
    record(tracker, 3);
    expect(await tracker.flush()).toBe(true);
    expect(offersOf(collector)).toBe(2);
    expect(tracker.stats()).toMatchObject({ queued: 0, lost: { [reason]: 3 } });
    expect(errors.slice(0, 2).map(({ code }) => code)).toEqual(['delivery_failed', 'delivery_refused']);
  });

  test('that refuses a request as such is not asked again', async () => {
    const { collector, tracker } = await setUp(() => ({ status: 400 }));
    record(tracker, 3);
    await tracker.flush();
    expect(offersOf(collector)).toBe(1);
    expect(tracker.stats()).toMatchObject({ lost: { rejected: 3 } });
  });

  test('that is a proxy with a page of its own is not taken for an answer', async () => {
    const { collector, tracker } = await setUp((_, index) =>
      index === 0 ? { body: '<html>hello</html>' } : {},
    );
    record(tracker, 3);
    await tracker.flush();
    expect(collector.landed.size).toBe(3);
    expect(tracker.stats()).toMatchObject({ requests: 2, accepted: 3 });
  });
});

describe('an answer in parts', () => {
  test('is counted event by event', async () => {
    const { tracker, losses } = await setUp((request) => ({
      body: {
        accepted: 1,
        duplicates: 1,
        problems: [
          problem(0, { outcome: 'conflict', code: 'id_conflict' }),
          problem(1, { code: 'time_out_of_range' }),
          problem(2, { outcome: 'warning', code: 'tag_removed' }),
          problem(4, { code: 'event_too_large' }),
          problem(request.events.length + 5, {}),
        ],
      },
    }));
    record(tracker, 5);
    await tracker.flush();
    expect(tracker.stats()).toMatchObject({
      recorded: 5,
      accepted: 1,
      duplicates: 1,
      queued: 0,
      lost: { conflict: 1, rejected: 1, event_too_large: 1 },
    });
    expect(losses).toHaveLength(3);
  });

  test('about unknown keys makes the tracker take them out and send once more', async () => {
    const { collector, tracker } = await setUp((request, index) =>
      index === 0
        ? {
            body: {
              accepted: 1,
              duplicates: 0,
              problems: [
                problem(0, { code: 'unknown_key', pointer: '/requestModel' }),
                problem(0, { code: 'unknown_key', pointer: '/usage/input' }),
                problem(2, { code: 'unknown_key', pointer: '/nowhere' }),
              ],
            },
          }
        : { body: { accepted: request.events.length, duplicates: 0, problems: [] } },
    );
    record(tracker, 3);
    await tracker.flush();
    const repaired = collector.seen[1]?.request.events;
    expect(repaired).toHaveLength(1);
    expect(repaired?.[0]).not.toHaveProperty('requestModel');
    expect(repaired?.[0]).toMatchObject({ usage: {} });
    expect(tracker.stats()).toMatchObject({
      accepted: 2,
      queued: 0,
      lost: { field_stripped: 1, rejected: 1 },
    });
  });

  test('is repaired only once', async () => {
    const { collector, tracker } = await setUp((request) => ({
      body: {
        accepted: 0,
        duplicates: 0,
        problems: request.events.map((_, index) =>
          problem(index, { code: 'unknown_key', pointer: index === 0 ? '/provider' : '/x' }),
        ),
      },
    }));
    record(tracker, 1);
    await tracker.flush();
    expect(offersOf(collector)).toBe(2);
    expect(tracker.stats()).toMatchObject({
      queued: 0,
      lost: { field_stripped: 1, rejected: 1 },
    });
  });
});

describe('losses', () => {
  test('are told with the next request, once it is answered no more', async () => {
    const { collector, tracker } = await setUp((_, index) => (index === 0 ? { status: 503 } : {}), {
      maxQueueEvents: 10,
    });
    record(tracker, 13);
    await tracker.flush();
    record(tracker, 1);
    await tracker.flush();
    expect(collector.seen.map(({ request }) => request.losses)).toEqual([
      [{ reason: 'queue_full', count: 3 }],
      [{ reason: 'queue_full', count: 3 }],
      undefined,
    ]);
  });

  test('without an event to ride with get a request of their own', async () => {
    const { collector, tracker } = await setUp(undefined, { flushIntervalMs: 10 });
    tracker.recorder.lose('unsupported_sdk');
    await expect.poll(() => collector.seen.length).toBe(1);
    expect(collector.seen[0]?.request).toMatchObject({
      events: [],
      losses: [{ reason: 'unsupported_sdk', count: 1 }],
    });
  });
});

test('a server that is down for the whole run costs bounded memory, and every loss is counted', async () => {
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
  const misbehaviour = fc.constantFrom('ok', 'ok', 'reject', 'unknown', 'duplicate', '413', '400', 'html');
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
