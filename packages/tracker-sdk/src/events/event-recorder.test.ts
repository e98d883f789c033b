import { usageEventSchema } from '@tallykit/protocol';
import { describe, expect, test } from 'vitest';
import { createTestTracker, type TestTracker } from '../testing/create-test-tracker.ts';
import type { Tracker } from '../tracker.ts';

/** Everything a tracker recorded, each proven to be what the server takes. */
async function valid(tracker: TestTracker) {
  const events = await tracker.events();
  return events.map((event) => usageEventSchema.parse(event));
}

test('goals tell their channel, value and flow', async () => {
  const tracker = createTestTracker();
  tracker.run({ customerId: 'cus_1', flow: 'booking' }, () => {
    tracker.goal('demo_booked', { channel: 'web', value: { amount: '120.50', currency: 'EUR' } });
    tracker.goal('demo_booked', { channel: 'mail' });
  });
  expect(await valid(tracker)).toMatchObject([
    {
      kind: 'goal_completion',
      goal: 'demo_booked',
      channel: 'web',
      flow: 'booking',
      customerId: 'cus_1',
      value: { amount: '120.50', currency: 'EUR' },
    },
    { goal: 'demo_booked', channel: 'mail' },
  ]);
});

test('a signal delivers money or another unit', async () => {
  const tracker = createTestTracker();
  tracker.signal('ticket_resolved', { value: { type: 'saved_cost', amount: '4.50', currency: 'USD' } });
  tracker.signal('draft_written', { value: { type: 'minutes_saved', amount: '12' } });
  const [money, minutes] = await valid(tracker);
  expect(money).toMatchObject({ value: { type: 'saved_cost', amount: '4.50', currency: 'USD' } });
  expect(minutes).toMatchObject({ value: { type: 'minutes_saved', amount: '12' } });
});

test('a conversation tells who wrote, never what', async () => {
  const tracker = createTestTracker();
  const conversation = tracker.conversation('conv_7', { channel: 'web', customerId: 'cus_1' });
  conversation.message('user');
  conversation.message('agent', { messageId: 'm2', text: 'canary' } as object);
  const events = await valid(tracker);
  expect(events).toMatchObject([
    { kind: 'conversation_message', conversationId: 'conv_7', role: 'user', channel: 'web' },
    { role: 'agent', messageId: 'm2', customerId: 'cus_1' },
  ]);
  expect(JSON.stringify(events)).not.toContain('canary');
});

test('a message with an idempotency key counts once, for each role', async () => {
  const tracker = createTestTracker();
  const conversation = tracker.conversation('conv_7');
  for (const role of ['user', 'user', 'agent'] as const) conversation.message(role, { idempotencyKey: '1' });
  const ids = (await valid(tracker)).map(({ id }) => id);
  expect(ids[0]).toBe(ids[1]);
  expect(ids[2]).not.toBe(ids[0]);
});

test('a recent idempotency key counts once however many came before', async () => {
  let time = 1_800_000_000_000;
  const tracker = createTestTracker({ now: () => time++ });
  const told = (key: number) => tracker.signal('s', { idempotencyKey: String(key) });
  for (let key = 1; key <= 9_999; key++) told(key);
  told(9_999.5);
  for (const key of [10_000, 9_999.5, 9_999]) told(key);
  const ids = (await tracker.signals()).map(({ id }) => id);
  expect(ids.at(-1)).toBe(ids[9_998]);
  expect(ids.at(-2)).toBe(ids[9_999]);
});

test('a run of a flow tells its start, steps and end', async () => {
  let time = 1_800_000_000_000;
  const tracker = createTestTracker({ now: () => time });
  const run = tracker.flowRun('onboarding', { trigger: 'schedule', customerId: 'cus_1' });
  run.step('asked');
  time += 1500;
  run.step('answered');
  run.end('failed');
  run.end('completed');
  const events = await valid(tracker);
  expect(events).toMatchObject([
    { kind: 'flow_run', flow: 'onboarding', status: 'running', trigger: 'schedule', runId: run.runId },
    { kind: 'flow_step', step: 'asked', runId: run.runId, customerId: 'cus_1' },
    { kind: 'flow_step', step: 'answered' },
    { kind: 'flow_run', status: 'failed', durationMs: 1500 },
  ]);
  expect(events).toHaveLength(4);
});

test('a run of a flow goes on in another process under its id', async () => {
  const [first, second] = [createTestTracker(), createTestTracker()];
  const { runId } = first.flowRun('onboarding');
  second.flowRun('onboarding', { runId }).end();
  expect((await valid(second)).at(-1)).toMatchObject({ runId, status: 'completed' });
});

test('a tool call tells how it went, and nothing of what went in or out', async () => {
  const tracker = createTestTracker();
  tracker.toolCall({
    tool: 'search',
    server: 'docs',
    status: 'error',
    errorClass: 'timeout',
    durationMs: 41.4,
    arguments: 'canary',
  } as Parameters<Tracker['toolCall']>[0]);
  const [event] = await valid(tracker);
  expect(event).toMatchObject({ kind: 'tool_call', tool: 'search', server: 'docs', durationMs: 41 });
  expect(JSON.stringify(event)).not.toContain('canary');
});

test('telemetry carries typed values', async () => {
  const tracker = createTestTracker();
  tracker.telemetry('panel_opened', {
    properties: { seconds: 3, pinned: true, place: 'side' },
    conversationId: 'c',
  });
  expect(await valid(tracker)).toMatchObject([
    { name: 'panel_opened', properties: { seconds: 3, pinned: true, place: 'side' }, conversationId: 'c' },
  ]);
});

test('events of a run belong to it also when they are told elsewhere', async () => {
  const tracker = createTestTracker({ asyncLocalStorage: null });
  const context = tracker.run({ customerId: 'explicit' }, (inside) => inside);
  context.goal('met');
  context.conversation('c').message('user');
  context.flowRun('f').end();
  context.telemetry('t');
  context.toolCall({ tool: 't', status: 'ok', durationMs: 1 });
  const events = await valid(tracker);
  expect(events).toHaveLength(6);
  expect(new Set(events.map((event) => `${event.customerId} ${event.traceId}`)).size).toBe(1);
});

describe('what the host gives by mistake', () => {
  const mistakes: readonly [string, (tracker: Tracker) => void][] = [
    ['a null signal', (tracker) => tracker.signal('a', null as never)],
    ['a null goal', (tracker) => tracker.goal('a', null as never)],
    ['null telemetry', (tracker) => tracker.telemetry('a', null as never)],
    ['a null tool call', (tracker) => tracker.toolCall(null as never)],
    ['a null conversation', (tracker) => tracker.conversation('c', null as never).message('user')],
    ['a null flow run', (tracker) => tracker.flowRun('f', null as never).end()],
    ['a null workspace', (tracker) => tracker.workspace('w', null as never).active()],
    [
      'an object that refuses to be read',
      (tracker) =>
        tracker.goal('g', {
          get value(): never {
            throw new Error('mine');
          },
        }),
    ],
  ];
  test.each(mistakes)('%s never reaches it as an error', (_, make) => {
    const tracker = createTestTracker();
    expect(() => make(tracker)).not.toThrow();
  });
});
