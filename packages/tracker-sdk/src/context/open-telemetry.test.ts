import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestTracker } from '../testing/create-test-tracker.ts';
import type { ManualCall } from '../tracker.ts';

const call: ManualCall = { provider: 'openai', requestModel: 'gpt-4o-mini', operation: 'chat' };
const traceId = '0af7651916cd43dd8448eb211c80319c';

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(() => context.disable());

/** Runs a function under a span of this id, as an instrumented host does. */
function underSpan<Result>(spanId: string, body: () => Result, of = traceId): Result {
  const span = trace.wrapSpanContext({ traceId: of, spanId, traceFlags: 1 });
  return context.with(trace.setSpan(context.active(), span), body);
}

test('a call joins the active span, with and without a run', async () => {
  const tracker = createTestTracker();
  underSpan('aaaaaaaaaaaaaaaa', () => {
    tracker.record(call);
    tracker.run({ customerId: 'a' }, () => tracker.record(call));
  });
  const joined = { traceId, parentSpanId: 'aaaaaaaaaaaaaaaa' };
  expect(await tracker.calls()).toMatchObject([joined, { ...joined, customerId: 'a' }]);
});

test('inside a run the nearest span of its trace is the parent', async () => {
  const tracker = createTestTracker();
  underSpan('aaaaaaaaaaaaaaaa', () =>
    tracker.run({}, () => underSpan('bbbbbbbbbbbbbbbb', () => tracker.record(call))),
  );
  expect(await tracker.calls()).toMatchObject([{ traceId, parentSpanId: 'bbbbbbbbbbbbbbbb' }]);
});

test('a traceparent that is given wins over the active span, and so does its trace over spans of others', async () => {
  const tracker = createTestTracker();
  const given = 'ffffffffffffffffffffffffffffffff';
  underSpan('aaaaaaaaaaaaaaaa', () =>
    tracker.run({ traceparent: `00-${given}-cccccccccccccccc-01` }, () => tracker.record(call)),
  );
  expect(await tracker.calls()).toMatchObject([{ traceId: given, parentSpanId: 'cccccccccccccccc' }]);
});

test('a span that is not valid is no trace to join', async () => {
  const tracker = createTestTracker();
  underSpan('0000000000000000', () => tracker.record(call), '0'.repeat(32));
  const [event] = await tracker.calls();
  expect(event?.traceId).toMatch(/[1-9a-f]/);
  expect(event?.parentSpanId).toBeUndefined();
});

test('the delivery of events joins no trace of the host', async () => {
  const seen: unknown[] = [];
  const tracker = createTestTracker({
    answer: (request) => {
      seen.push(trace.getSpan(context.active()));
      return { accepted: request.events.length, duplicates: 0, problems: [] };
    },
  });
  await underSpan('aaaaaaaaaaaaaaaa', async () => {
    tracker.record(call);
    await tracker.flush();
  });
  expect(seen).toEqual([undefined]);
  expect(context.active()).toBe(ROOT_CONTEXT);
});
