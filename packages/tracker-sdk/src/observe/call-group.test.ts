import { expect, test } from 'vitest';
import { createTestTracker, type TestTracker } from '../testing/create-test-tracker.ts';
import type { ObservedCall } from './call-recorder.ts';

const start = (tracker: TestTracker, provider: string): ObservedCall =>
  tracker.recorder.start({ provider, operation: 'chat', requestModel: 'm' });

const ok = { status: 'ok', complete: true } as const;
const failed = { status: 'error', complete: true, errorClass: 'http_500', httpStatus: 500 } as const;

const order = ['framework', 'openai', 'anthropic', 'mistral'];

/** Attempts wait in a queue of their own, so the order of arrival tells nothing. */
const sorted = async (tracker: TestTracker) =>
  [...(await tracker.calls())].sort(
    (a, b) => order.indexOf(a.provider) - order.indexOf(b.provider) || a.attempt - b.attempt,
  );

const outline = async (tracker: TestTracker) =>
  (await sorted(tracker)).map(({ provider, attempt, final, status }) => [provider, attempt, final, status]);

test('a fallback to another provider is another attempt of one call', async () => {
  const tracker = createTestTracker();
  await tracker.run({ asOneCall: true }, async () => {
    const first = start(tracker, 'openai');
    await Promise.resolve();
    first.end(failed);
    start(tracker, 'anthropic').end(ok);
  });
  expect(await outline(tracker)).toEqual([
    ['openai', 1, false, 'error'],
    ['anthropic', 2, true, 'ok'],
  ]);
  const [first, second] = await sorted(tracker);
  expect(first?.callId).toBe(first?.id);
  expect(second?.callId).toBe(first?.id);
});

test('an attempt that used tokens tells them although another one counts', async () => {
  const tracker = createTestTracker();
  tracker.run({ asOneCall: true }, () => {
    const first = start(tracker, 'openai');
    first.facts.usage = { input: 9, output: 1 };
    first.end(failed);
    start(tracker, 'anthropic').end(ok);
  });
  expect((await sorted(tracker)).map((call) => call.usage)).toEqual([{ input: 9, output: 1 }, undefined]);
});

test("a provider's own retries are attempts of the same call", async () => {
  const tracker = createTestTracker();
  tracker.run({ asOneCall: true }, () => {
    const first = start(tracker, 'openai');
    first.attemptFailed({ ...failed, httpStatus: 429 });
    first.attemptStarted();
    first.end(failed);
    start(tracker, 'anthropic').end(ok);
  });
  expect(await outline(tracker)).toEqual([
    ['openai', 1, false, 'error'],
    ['openai', 2, false, 'error'],
    ['anthropic', 3, true, 'ok'],
  ]);
});

test('a stream that outlives the run is still the final attempt', async () => {
  const tracker = createTestTracker();
  const stream = tracker.run({ asOneCall: true }, () => {
    start(tracker, 'openai').end(failed);
    return start(tracker, 'anthropic');
  });
  expect(await outline(tracker)).toEqual([]);
  stream.end(ok);
  expect(await outline(tracker)).toEqual([
    ['openai', 1, false, 'error'],
    ['anthropic', 2, true, 'ok'],
  ]);
});

test('of two hedged calls the one that ends last is the final attempt', async () => {
  const tracker = createTestTracker();
  await tracker.run({ asOneCall: true }, async () => {
    const slow = start(tracker, 'openai');
    const quick = start(tracker, 'anthropic');
    quick.end(ok);
    await Promise.resolve();
    slow.end({ ...ok, status: 'aborted' });
  });
  expect(await outline(tracker)).toEqual([
    ['openai', 1, true, 'aborted'],
    ['anthropic', 2, false, 'ok'],
  ]);
});

test('runs inside belong to the same call, and runs beside do not', async () => {
  const tracker = createTestTracker();
  tracker.run({ asOneCall: true }, () => {
    start(tracker, 'openai').end(failed);
    tracker.run({ flow: 'inner' }, () => start(tracker, 'anthropic').end(ok));
  });
  start(tracker, 'mistral').end(ok);
  expect(await outline(tracker)).toEqual([
    ['openai', 1, false, 'error'],
    ['anthropic', 2, true, 'ok'],
    ['mistral', 1, true, 'ok'],
  ]);
});

test('what starts after the run is through is a call of its own', async () => {
  const tracker = createTestTracker();
  const late = tracker.run({ asOneCall: true }, (context) => {
    start(tracker, 'openai').end(ok);
    return () => context.recorder.start({ provider: 'anthropic', operation: 'chat', requestModel: 'm' });
  });
  late().end(ok);
  expect(await outline(tracker)).toEqual([
    ['openai', 1, true, 'ok'],
    ['anthropic', 1, true, 'ok'],
  ]);
  expect(new Set((await tracker.calls()).map(({ callId }) => callId)).size).toBe(2);
});

test('a body that throws or rejects settles its attempts', async () => {
  const tracker = createTestTracker();
  await expect(
    tracker.run({ asOneCall: true }, async () => {
      start(tracker, 'openai').end(failed);
      await Promise.reject(new Error('mine'));
    }),
  ).rejects.toThrow('mine');
  expect(() =>
    tracker.run({ asOneCall: true }, () => {
      start(tracker, 'anthropic').end(failed);
      throw new Error('mine too');
    }),
  ).toThrow('mine too');
  expect(await outline(tracker)).toEqual([
    ['openai', 1, true, 'error'],
    ['anthropic', 1, true, 'error'],
  ]);
});

test('attempts that wait for the end of their run are sent at shutdown', async () => {
  const tracker = createTestTracker();
  void tracker.run({ asOneCall: true }, () => {
    start(tracker, 'openai').end(failed);
    return new Promise(() => undefined);
  });
  await tracker.shutdown();
  expect(await outline(tracker)).toEqual([['openai', 1, true, 'error']]);
});

test('a call inside another wrapper is the same call, seen closer to the wire', async () => {
  const tracker = createTestTracker();
  const outer = start(tracker, 'framework');
  await tracker.recorder.within(outer, async () => {
    await Promise.resolve();
    start(tracker, 'openai').end(ok);
  });
  outer.end(ok);
  expect(await outline(tracker)).toEqual([['openai', 1, true, 'ok']]);
});

test('without an inner call the outer one counts', async () => {
  const tracker = createTestTracker();
  const outer = start(tracker, 'framework');
  tracker.recorder.within(outer, () => undefined);
  outer.end(ok);
  expect(await outline(tracker)).toEqual([['framework', 1, true, 'ok']]);
});

test('the inner call keeps its place among attempts', async () => {
  const tracker = createTestTracker();
  tracker.run({ asOneCall: true }, () => {
    const outer = start(tracker, 'framework');
    tracker.recorder.within(outer, () => start(tracker, 'openai').end(ok));
    outer.end(ok);
  });
  expect((await tracker.calls()).map(({ final, callId, id }) => [final, callId === id])).toEqual([
    [true, true],
  ]);
});
