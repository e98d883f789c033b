import { usageEventSchema } from '@tallykit/protocol';
import { describe, expect, test, vi } from 'vitest';
import { createTracker } from './create-tracker.ts';
import { isTrackerError } from './errors/tracker-error.ts';
import { createTestTracker } from './testing/create-test-tracker.ts';
import type { ManualCall } from './tracker.ts';

const call: ManualCall = { provider: 'mistral', requestModel: 'small', operation: 'chat' };
const traceId = '0af7651916cd43dd8448eb211c80319c';
const parentSpanId = 'b7ad6b7169203331';
const traceparent = `00-${traceId}-${parentSpanId}-01`;

const millisecondsOf = (id: string | undefined) =>
  Number.parseInt((id ?? '').replace(/-/g, '').slice(0, 12), 16);

test('a tracker with nowhere to send to says so at once', () => {
  expect(() => createTracker({})).toThrow('an endpoint or a transport');
  let thrown: unknown;
  try {
    createTracker({ apiKey: 'key' });
  } catch (error) {
    thrown = error;
  }
  expect(isTrackerError(thrown) && thrown.code).toBe('configuration_invalid');
});

describe('run', () => {
  test('attributes what happens in it, also after waiting', async () => {
    const tracker = createTestTracker({ environment: 'production' });
    const result = await tracker.run({ customerId: 'cus_42', flow: 'triage' }, async (context) => {
      await Promise.resolve();
      tracker.record(call);
      return context.traceId;
    });
    expect(await tracker.calls()).toMatchObject([
      { customerId: 'cus_42', flow: 'triage', environment: 'production', traceId: result },
    ]);
  });

  test('returns what its body returns and throws what it throws', () => {
    const tracker = createTestTracker();
    expect(tracker.run({}, () => 7)).toBe(7);
    expect(() =>
      tracker.run({}, () => {
        throw new Error('mine');
      }),
    ).toThrow('mine');
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'cus_1'],
    [
      'values that refuse to be read',
      {
        get customerId(): never {
          throw new Error('mine');
        },
      },
    ],
    ['values that are no text', { customerId: Object.create(null) as unknown, tags: { a: Symbol('a') } }],
  ])('runs its body also for %s in place of attribution', (_, given) => {
    const tracker = createTestTracker();
    expect(tracker.run(given as never, () => 7)).toBe(7);
  });

  test('nests: the inner one wins key by key, tags are joined, the trace stays', async () => {
    const tracker = createTestTracker();
    tracker.run({ customerId: 'outer', flow: 'a', tags: { x: '1', y: '1' } }, (outer) => {
      tracker.run({ customerId: 'inner', userId: undefined, tags: { y: '2' } }, (inner) => {
        expect(inner.traceId).toBe(outer.traceId);
        tracker.record(call);
      });
      tracker.record(call);
    });
    expect(await tracker.calls()).toMatchObject([
      { customerId: 'inner', flow: 'a', tags: { x: '1', y: '2' } },
      { customerId: 'outer', flow: 'a', tags: { x: '1', y: '1' } },
    ]);
  });

  test('takes nothing but attribution from the object it is given', async () => {
    const tracker = createTestTracker();
    const session = { customerId: 42 as unknown as string, password: 'secret', prompt: 'secret' };
    tracker.run(session, () => tracker.record({ ...call, ...{ messages: 'secret' } }));
    const events = await tracker.events();
    expect(events).toMatchObject([{ customerId: '42' }]);
    expect(JSON.stringify(events)).not.toContain('secret');
  });

  test('takes tags as text and leaves absent ones out, so that no call is refused for them', async () => {
    const tracker = createTestTracker();
    const tags = { seats: 5, trial: false, plan: null, region: 'eu' } as unknown as Record<string, string>;
    tracker.run({ tags }, () => tracker.record(call));
    expect((await tracker.calls()).map((event) => event.tags)).toEqual([
      { seats: '5', trial: 'false', region: 'eu' },
    ]);
  });

  test('is lost across a queue, and found again with an explicit run', async () => {
    const tracker = createTestTracker();
    const queue: (() => void)[] = [];
    tracker.run({ customerId: 'a' }, (context) => {
      queue.push(() => tracker.record(call));
      queue.push(() => context.record(call));
      queue.push(() => tracker.run({ ...context.attribution, flow: 'worker' }, () => tracker.record(call)));
    });
    for (const job of queue) job();
    expect((await tracker.calls()).map(({ customerId, flow }) => [customerId, flow])).toEqual([
      [undefined, undefined],
      ['a', undefined],
      ['a', 'worker'],
    ]);
  });

  test('without storage, ambient calls are unattributed and counted, explicit ones are not', async () => {
    const tracker = createTestTracker({ asyncLocalStorage: null });
    tracker.record(call);
    expect(tracker.stats().lost).toEqual({});
    tracker.run({ customerId: 'a' }, (context) => {
      context.record(call);
      tracker.record(call);
    });
    expect((await tracker.calls()).map(({ customerId }) => customerId)).toEqual([undefined, 'a', undefined]);
    expect(tracker.stats().lost).toEqual({ context_unavailable: 1 });
  });
});

describe('the trace', () => {
  test('is joined when a traceparent is given', async () => {
    const tracker = createTestTracker();
    tracker.run({ traceparent }, () => tracker.signal('done'));
    expect(await tracker.signals()).toMatchObject([{ traceId, parentSpanId }]);
  });

  test('goes on elsewhere under the traceparent of the run', async () => {
    const tracker = createTestTracker();
    const header = tracker.run({ traceparent }, (run) => run.traceparent);
    expect(header).toBe(traceparent);
    const [own, id] = tracker.run({}, (run) => [run.traceparent, run.traceId]);
    expect(own).toMatch(new RegExp(`^00-${id}-[0-9a-f]{16}-01$`));
    tracker.run({ traceparent: own }, () => tracker.record(call));
    expect(await tracker.calls()).toMatchObject([{ traceId: id }]);
  });

  test('is new for a malformed traceparent, and for each call outside of runs', async () => {
    const tracker = createTestTracker();
    tracker.run({ traceparent: 'nonsense' }, () => tracker.record(call));
    tracker.record(call);
    const ids = (await tracker.calls()).map((event) => event.traceId);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('signal', () => {
  test('belongs to the trace and attribution of its run, unless told otherwise', async () => {
    const tracker = createTestTracker();
    tracker.run({ customerId: 'a', flow: 'f' }, (context) => {
      tracker.signal('resolved', {
        customerId: 'b',
        quantity: 2,
        value: { type: 'saved_cost', amount: '4.50', currency: 'USD' },
        occurredAt: new Date(1_700_000_000_000),
      });
      expect(context.traceId).toMatch(/^[0-9a-f]{32}$/);
    });
    const [signal] = await tracker.signals();
    expect(signal).toMatchObject({
      name: 'resolved',
      customerId: 'b',
      flow: 'f',
      quantity: 2,
      value: { type: 'saved_cost', amount: '4.50', currency: 'USD' },
    });
    expect(millisecondsOf(signal?.id)).toBe(1_700_000_000_000);
    expect(usageEventSchema.safeParse(signal).success).toBe(true);
  });

  test('with the same key has the same id, and so is counted once', async () => {
    const tracker = createTestTracker();
    tracker.signal('resolved', { idempotencyKey: 'ticket-1' });
    tracker.signal('resolved', { idempotencyKey: 'ticket-1' });
    tracker.signal('resolved', { idempotencyKey: 'ticket-2' });
    tracker.signal('reopened', { idempotencyKey: 'ticket-1' });
    tracker.signal('resolved');
    const ids = (await tracker.signals()).map(({ id }) => id);
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(4);

    const other = createTestTracker();
    for (const source of [tracker, other]) source.signal('x', { idempotencyKey: 'k', occurredAt: 1000 });
    expect((await other.signals())[0]?.id).toBe((await tracker.signals()).at(-1)?.id);
  });
});

describe('record', () => {
  test('makes a valid event whose id carries the start', async () => {
    const tracker = createTestTracker({ now: () => 1_800_000_000_500 });
    tracker.record({ ...call, durationMs: 500, usage: { input: 9, output: 4 }, customerId: 'a' });
    tracker.record({ ...call, startedAt: 1_700_000_000_000 });
    const calls = await tracker.calls();
    expect(calls.map(({ id }) => millisecondsOf(id))).toEqual([1_800_000_000_000, 1_700_000_000_000]);
    for (const event of calls) expect(usageEventSchema.safeParse(event).error).toBeUndefined();
    expect(calls[0]).toMatchObject({
      customerId: 'a',
      usage: { input: 9, output: 4 },
      final: true,
      attempt: 1,
    });
  });

  test('counts what cannot be put into words, and never throws', async () => {
    const tracker = createTestTracker({ maxEventBytes: 1000 });
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    tracker.record({ ...call, usage: circular });
    tracker.record({ ...call, responseModel: 'x'.repeat(2000) });
    tracker.record(undefined as unknown as ManualCall);
    tracker.signal('x', null as unknown as undefined);
    await tracker.flush();
    expect(tracker.stats()).toMatchObject({
      recorded: 2,
      lost: { serialization_failed: 1, event_too_large: 1, observer_failed: 2 },
    });
  });
});

test('hooks that throw are ignored', async () => {
  const hook = vi.fn(() => {
    throw new Error('hook');
  });
  const tracker = createTestTracker({
    onLoss: hook,
    onError: hook,
    flushTimeoutMs: 10,
    answer: () => Promise.reject(new Error('down')),
  });
  tracker.record(call);
  await tracker.shutdown();
  expect(hook).toHaveBeenCalledTimes(2);
  expect(tracker.stats().lost).toMatchObject({ shutdown_timeout: 1 });
});

test('what comes after shutdown is counted as lost', async () => {
  const tracker = createTestTracker();
  tracker.record(call);
  expect(await tracker.shutdown()).toBe(true);
  tracker.record(call);
  expect(await tracker.flush()).toBe(true);
  expect(tracker.stats()).toMatchObject({
    recorded: 2,
    accepted: 1,
    queued: 0,
    lost: { shutdown_timeout: 1 },
  });
});

test('a whole request on the wire', async () => {
  let now = 1_800_000_000_000;
  const tracker = createTestTracker({
    now: () => now,
    randomUUID: () => 'abababab-abab-4bab-abab-abababababab',
    environment: 'test',
  });
  tracker.run({ customerId: 'cus_42', productId: 'agent', flow: 'triage', traceparent }, () => {
    now += 250;
    tracker.record({
      ...call,
      durationMs: 250,
      usage: { input: 9, cacheRead: 0, output: 4 },
      rawUsage: { prompt_tokens: 9 },
      responseId: 'resp_1',
    });
    tracker.signal('ticket_resolved', { value: { type: 'saved_cost', amount: '4.50', currency: 'USD' } });
  });
  await tracker.flush();
  expect(tracker.requests()).toMatchInlineSnapshot(`
    [
      {
        "events": [
          {
            "attempt": 1,
            "callId": "01a3185c-5000-7000-abab-abababababab",
            "complete": true,
            "customerId": "cus_42",
            "durationMs": 250,
            "environment": "test",
            "final": true,
            "flow": "triage",
            "id": "01a3185c-5000-7000-abab-abababababab",
            "kind": "llm_call",
            "operation": "chat",
            "parentSpanId": "b7ad6b7169203331",
            "productId": "agent",
            "provider": "mistral",
            "rawUsage": {
              "prompt_tokens": 9,
            },
            "requestModel": "small",
            "responseId": "resp_1",
            "status": "ok",
            "traceId": "0af7651916cd43dd8448eb211c80319c",
            "usage": {
              "cacheRead": 0,
              "input": 9,
              "output": 4,
            },
          },
          {
            "customerId": "cus_42",
            "environment": "test",
            "flow": "triage",
            "id": "01a3185c-50fa-7000-abab-abababababab",
            "kind": "signal",
            "name": "ticket_resolved",
            "parentSpanId": "b7ad6b7169203331",
            "productId": "agent",
            "traceId": "0af7651916cd43dd8448eb211c80319c",
            "value": {
              "amount": "4.50",
              "currency": "USD",
              "type": "saved_cost",
            },
          },
        ],
        "protocol": 1,
        "sentAt": "2027-01-15T08:00:00.250Z",
      },
    ]
  `);
});
