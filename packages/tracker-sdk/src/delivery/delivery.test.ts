import { afterEach, describe, expect, test, vi } from 'vitest';
import { offersOf, problem, record, setUp } from './__fixtures__/set-up.ts';

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

  test('conformance 12, 413: too large for the server is halved until it fits, and stays small', async () => {
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

  test('conformance 12, 413: of a single event that is still too large is given up and counted', async () => {
    const { tracker } = await setUp(() => ({ status: 413 }));
    record(tracker, 4);
    await tracker.flush();
    expect(tracker.stats()).toMatchObject({ recorded: 4, queued: 0, lost: { event_too_large: 4 } });
  });
});

describe('where the platform has no stream that compresses', () => {
  afterEach(() => vi.unstubAllGlobals());

  test('a batch is gzipped by zlib, and goes as it is where that is missing too', async () => {
    vi.stubGlobal('CompressionStream', undefined);
    vi.stubGlobal('DecompressionStream', undefined);
    const { collector, tracker } = await setUp();
    record(tracker, 20);
    await tracker.flush();
    const getBuiltinModule = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
    record(tracker, 20);
    await tracker.flush();
    getBuiltinModule.mockRestore();
    expect(collector.seen.map(({ headers }) => headers['content-encoding'])).toEqual(['gzip', undefined]);
    expect(collector.landed.size).toBe(40);
  });

  test('an outage is sat out without packing', async () => {
    vi.stubGlobal('CompressionStream', undefined);
    vi.stubGlobal('DecompressionStream', undefined);
    let down = true;
    const options = { maxBatchEvents: 10, flushTimeoutMs: 50 };
    const { collector, tracker } = await setUp(() => (down ? { status: 503 } : {}), options);
    record(tracker, 50);
    await tracker.flush();
    record(tracker, 50);
    expect(tracker.stats().queued).toBe(100);
    down = false;
    await expect.poll(() => tracker.flush()).toBe(true);
    expect(collector.landed.size).toBe(100);
  });
});

describe('a server in trouble', () => {
  test.each([429, 503])(
    'conformance 12, 429: that answers %i with Retry-After is left in peace for that long',
    async (status) => {
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
    },
  );

  test('conformance 12, the collector is down: that comes back gets everything, exactly once', async () => {
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

  test('conformance 12, the collector is slow: that took a batch without answering gets it again, and knows it', async () => {
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
  test('conformance 12, partial acceptance: is counted event by event', async () => {
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

  test('cannot make the tracker take anything from what all objects share', async () => {
    const pointers = [
      '/__proto__/toString',
      '/constructor/prototype/valueOf',
      '/usage/__proto__/hasOwnProperty',
    ];
    const { tracker } = await setUp((request) => ({
      body: {
        accepted: 0,
        duplicates: 0,
        problems: request.events.flatMap((_, index) =>
          pointers.map((pointer) => problem(index, { code: 'unknown_key', pointer })),
        ),
      },
    }));
    record(tracker, 1);
    await tracker.flush();
    for (const name of ['toString', 'valueOf', 'hasOwnProperty'])
      expect(Object.prototype).toHaveProperty(name);
    expect(tracker.stats().lost).toEqual({ rejected: 1 });
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

describe('a server in the same process', () => {
  test('that refuses a batch as too large gets smaller ones', async () => {
    const { tracker } = await setUp(undefined, {
      transport: async ({ events }) => {
        if (events.length > 30) throw Object.assign(new Error('too many events'), { status: 413 });
        return { accepted: events.length, duplicates: 0, problems: [] };
      },
    });
    record(tracker, 100);
    expect(await tracker.flush()).toBe(true);
    expect(tracker.stats()).toMatchObject({ accepted: 100, queued: 0, lost: {} });
  });

  test('that refuses a request as such does not hold up the next one', async () => {
    let refused = 0;
    const { tracker } = await setUp(undefined, {
      transport: async ({ events }) => {
        if (refused++ === 0) throw Object.assign(new Error('wrong'), { status: 400 });
        return { accepted: events.length, duplicates: 0, problems: [] };
      },
    });
    record(tracker, 2);
    await tracker.flush();
    record(tracker, 3);
    expect(await tracker.flush()).toBe(true);
    expect(tracker.stats()).toMatchObject({ accepted: 3, queued: 0, lost: { rejected: 2 } });
  });

  test('that fails otherwise is asked again', async () => {
    let failed = 0;
    const { tracker } = await setUp(undefined, {
      transport: async ({ events }) => {
        if (failed++ === 0) throw new Error('the store restarts');
        return { accepted: events.length, duplicates: 0, problems: [] };
      },
    });
    record(tracker, 2);
    await expect.poll(() => tracker.flush()).toBe(true);
    expect(tracker.stats()).toMatchObject({ accepted: 2, lost: {} });
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
