import {
  inputBuckets,
  outputBuckets,
  type CallAnswer,
  type DatasetAnswer,
  type DatasetQuery,
  type Problem,
  type TraceAnswer,
} from '@tallykit/protocol';
import { beforeAll, expect, test } from 'vitest';
import { callAt, idAt, newTraceId, signalAt } from './build-events.ts';
import type { OpenServer } from './open-server.ts';

/** The time at which the questions are asked. */
export const usageAskedAt = '2027-03-31T10:42:00.000Z';
const now = usageAskedAt;
const earlier = '2027-03-31T09:10:00.000Z';
const measures = [
  'calls',
  'total_tokens',
  'prompt_tokens',
  'completion_tokens',
  'cost',
  'pending_calls',
  'errors',
];
const from = '2027-03-08T00:00:00Z';

/** What one call, message, conversation, flow or trace counts as. Each test has a customer of its own. */
export function describeUsageRules(opened: () => OpenServer): void {
  let server: OpenServer;
  let customers = 0;
  const newCustomer = (): string => `own-${++customers}`;
  beforeAll(() => {
    server = opened();
  });

  const query = (body: DatasetQuery, as = 'operator') =>
    server.ask<DatasetAnswer & Problem>('POST /v1/datasets/token_usage/query', { as, body });

  test('tokens fall into prompt and completion by what the model read and what it wrote', async () => {
    const customerId = newCustomer();
    const buckets = [...inputBuckets, ...outputBuckets];
    const usage = Object.fromEntries(buckets.map((bucket, index) => [bucket, 10 ** index % 999_999_999_999]));
    const sum = (names: readonly string[]): number =>
      names.reduce((total, name) => total + (usage[name] ?? 0), 0);
    await server.send([
      callAt(earlier, { customerId, requestModel: 'house-model', usage: { ...usage, webSearches: 7 } }),
    ]);
    await server.caughtUp();
    const [row] = await server.rows({
      measures: ['prompt_tokens', 'completion_tokens', 'total_tokens'],
      asCustomer: customerId,
    });
    expect(row).toEqual({
      prompt_tokens: sum(inputBuckets),
      completion_tokens: sum(outputBuckets),
      total_tokens: sum(buckets),
    });
  });

  test('tokens that were not reported are absent, and reported as none are zero', async () => {
    const [absent, zero] = [newCustomer(), newCustomer()];
    const { usage: _usage, ...silent } = callAt(earlier, { customerId: absent });
    await server.send([silent, callAt(earlier, { customerId: zero, usage: { input: 0, output: 0 } })]);
    await server.caughtUp();
    const ask = [
      'calls',
      'total_tokens',
      'completion_tokens',
      'cost',
      'messages',
      'average_tokens_per_message',
    ];
    expect(await server.rows({ measures: ask, asCustomer: absent })).toEqual([
      {
        calls: 1,
        total_tokens: null,
        completion_tokens: null,
        cost: null,
        messages: 0,
        average_tokens_per_message: null,
      },
    ]);
    expect(await server.rows({ measures: ask, asCustomer: zero })).toEqual([
      {
        calls: 1,
        total_tokens: 0,
        completion_tokens: 0,
        cost: '0',
        messages: 1,
        average_tokens_per_message: '0',
      },
    ]);
    const spend = await server.insight('token-spend', {}, `customer_admin:${absent}`);
    expect(spend).toMatchObject({
      tokens: { total: null },
      pending: { calls: 1, tokens: null, reasons: [{ reason: 'usage_absent' }] },
    });
  });

  test('nothing recorded is no figure at all', async () => {
    const spend = await server.insight('token-spend', {}, `customer_admin:${newCustomer()}`);
    expect(spend).toMatchObject({ spend: [], calls: 0, tokens: { total: null }, previous: null });
  });

  test('three calls that answer one message are one message', async () => {
    const customerId = newCustomer();
    const { usage: _usage, ...silent } = callAt(earlier, { customerId, messageId: 'm3' });
    await server.send([
      ...[300, 200, 100].map((input) => callAt(earlier, { customerId, messageId: 'm1', usage: { input } })),
      callAt(earlier, { customerId, messageId: 'm2', usage: { input: 50 } }),
      callAt(earlier, { customerId, usage: { input: 10 } }),
      // Without a token total it is no message yet.
      silent,
    ]);
    await server.caughtUp();
    const ask = ['calls', 'messages', 'average_tokens_per_message', 'pending_calls'];
    expect(await server.rows({ measures: ask, asCustomer: customerId })).toEqual([
      { calls: 6, messages: 3, average_tokens_per_message: '220', pending_calls: 1 },
    ]);
  });

  test('a chat over midnight counts once in its week and on both of its days', async () => {
    const customerId = newCustomer();
    const conversationId = 'over-midnight';
    await server.send([
      // Midnight in Berlin is 22:00 UTC after the change of clocks.
      callAt('2027-03-29T21:50:00Z', { customerId, conversationId, usage: { input: 100 } }),
      callAt('2027-03-29T22:10:00Z', { customerId, conversationId, usage: { input: 200 } }),
      callAt('2027-03-29T22:20:00Z', { customerId, conversationId: 'other', usage: { input: 60 } }),
      callAt('2027-03-29T22:30:00Z', { customerId, usage: { input: 1000 } }),
    ]);
    await server.caughtUp();
    const ask = (grain: 'day' | 'week') =>
      server.rows({
        measures: ['conversations', 'average_tokens_per_conversation'],
        dimensions: ['time'],
        grain,
        asCustomer: customerId,
      });
    expect(await ask('week')).toEqual([
      { time: '2027-03-28T22:00:00.000Z', conversations: 2, average_tokens_per_conversation: '180' },
    ]);
    expect(await ask('day')).toEqual([
      { time: '2027-03-28T22:00:00.000Z', conversations: 1, average_tokens_per_conversation: '100' },
      { time: '2027-03-29T22:00:00.000Z', conversations: 2, average_tokens_per_conversation: '130' },
    ]);
    expect(await server.rows({ measures: ['conversations'], asCustomer: customerId })).toEqual([
      { conversations: 2 },
    ]);
  });

  test('attempts of one call count once, as the one that was final', async () => {
    const customerId = newCustomer();
    const callId = 'retried';
    const attempt = (number: number, final: boolean) => {
      const { usage, ...event } = callAt(Date.parse(earlier) + number, {
        customerId,
        callId,
        attempt: number,
        final,
      });
      return final ? { ...event, usage } : { ...event, status: 'error', httpStatus: 429 };
    };
    const answer = await server.send([attempt(1, false), attempt(2, false), attempt(3, true)]);
    expect(answer).toMatchObject({ accepted: 3, problems: [] });
    await server.caughtUp();
    expect(await server.rows({ measures, asCustomer: customerId })).toEqual([
      {
        calls: 1,
        total_tokens: 120,
        prompt_tokens: 100,
        completion_tokens: 20,
        cost: '0.000027',
        pending_calls: 0,
        errors: 0,
      },
    ]);
  });

  test('a renamed flow shows its new name wherever it is shown, and an unknown one shows itself', async () => {
    const customerId = newCustomer();
    await server.send([
      callAt(earlier, { customerId, flow: 'f-42' }),
      callAt(earlier, { customerId, flow: 'f-unknown' }),
    ]);
    await server.caughtUp();
    const shown = async (): Promise<unknown> => {
      const chart = await server.insight('usage-over-time', { groupBy: 'flow', asCustomer: customerId });
      const answer = await query({ measures: ['calls'], dimensions: ['flow'], asCustomer: customerId });
      return [
        chart.series.map(({ key, label }) => `${key}=${label}`).toSorted(),
        answer.body.names?.filter(({ id }) => id === 'f-42').map(({ name }) => name),
      ];
    };
    for (const name of ['Triage', 'Triage, second edition']) {
      const answer = await server.ask('PUT /v1/ledger/flows', {
        as: 'operator',
        body: { flows: [{ id: 'f-42', name }] },
      });
      expect(answer.status, answer.text).toBe(200);
      expect(await shown()).toEqual([[`f-42=${name}`, 'f-unknown=f-unknown'], [name]]);
    }
  });

  test('two configurations stand beside each other with what a call of each costs', async () => {
    const customerId = newCustomer();
    await server.send(
      [1, 2, 3, 4].map((n) =>
        callAt(earlier, {
          customerId,
          configuration: n > 2 ? 'dear' : 'cheap',
          usage: { input: n > 2 ? 2000 : 1000 },
        }),
      ),
    );
    await server.caughtUp();
    const chart = await server.insight('usage-over-time', {
      groupBy: 'configuration',
      asCustomer: customerId,
    });
    expect(chart.series.map(({ key, total }) => [key, total.calls, total.cost[0]?.amount])).toEqual([
      ['dear', 2, '0.0006'],
      ['cheap', 2, '0.0003'],
    ]);
  });

  test('a trace holds every kind of event of one request, with what its calls came to', async () => {
    const customerId = newCustomer();
    const traceId = newTraceId();
    const common = { traceId, customerId };
    const other = (kind: string, fields: object) => ({ kind, id: idAt(earlier), ...common, ...fields });
    const [first, second] = [
      callAt(earlier, { ...common, durationMs: 1234, firstChunkMs: 210 }),
      callAt(earlier, common),
    ];
    const answer = await server.send([
      first,
      second,
      callAt(earlier, { ...common, requestModel: 'house-model' }),
      signalAt(earlier, { ...common, value: { type: 'saved_cost', amount: '4.50', currency: 'USD' } }),
      signalAt(earlier, { ...common, value: { type: 'minutes', amount: '12.5' } }),
      other('workspace_runtime', { workspaceId: 'w', seconds: 60 }),
      other('tool_call', { tool: 'search', status: 'ok', durationMs: 10 }),
      other('conversation_message', { conversationId: 'c', role: 'user' }),
      other('flow_run', { flow: 'triage', runId: 'r', status: 'completed', trigger: 'mail', durationMs: 9 }),
      other('flow_step', { flow: 'triage', runId: 'r', step: 'classify' }),
      other('goal_completion', { goal: 'resolved', value: { amount: '1', currency: 'USD' } }),
      other('telemetry', { name: 'opened', properties: { count: 1, fast: true, plan: 'gold' } }),
    ]);
    expect(answer).toEqual({ accepted: 12, duplicates: 0, problems: [] });
    const { body } = await server.ask<TraceAnswer>(`GET /v1/traces/${traceId}`, { as: 'operator' });
    expect(body.spans.map(({ kind }) => kind).toSorted()).toEqual(
      [
        ...['llm_call', 'llm_call', 'llm_call', 'signal', 'signal', 'workspace_runtime', 'tool_call'],
        ...['conversation_message', 'flow_run', 'flow_step', 'goal_completion', 'telemetry'],
      ].toSorted(),
    );
    expect(body.totals).toEqual({
      calls: 3,
      tokens: 360,
      cost: [{ amount: '0.000054', currency: 'USD' }],
      pending: { calls: 1, tokens: 120 },
    });
    const call = await server.ask<CallAnswer>(`GET /v1/calls/${first.id}`, { as: 'operator' });
    expect(call.body.call).toMatchObject({
      ...{ traceId, requestModel: 'gpt-4o-mini', provider: 'openai', usage: { input: 100, output: 20 } },
      ...{ startedAt: earlier, durationMs: 1234, timeToFirstChunkMs: 210 },
    });
  });

  test('a range beyond the window says where it was cut instead of showing zeros', async () => {
    const answer = await query({ measures: ['calls'], from: '2026-06-01T00:00:00Z', to: now });
    expect(answer.body.truncatedBefore).toMatch(/^2027-01-01T|^2026-12-31T/);
    const within = await query({ measures: ['calls'], from, to: now });
    expect(within.body.truncatedBefore).toBeUndefined();
  });

  test('every answer says how current it is, and its clock can be moved', async () => {
    const customerId = newCustomer();
    await server.send([callAt(earlier, { customerId })]);
    await server.caughtUp();
    const before = await server.insight('usage-over-time', { asCustomer: customerId });
    expect(before.freshness).toMatchObject({
      asOf: expect.stringMatching(/^2027-03-31T10:4/),
      cadence: 'live',
      openBucket: { start: '2027-03-30T22:00:00.000Z', end: '2027-03-31T22:00:00.000Z' },
      pending: { calls: 0 },
    });
    await server.moveClock('2027-05-02T08:00:00Z');
    try {
      const answer = await server.send([callAt('2027-05-02T07:00:00Z', { customerId })]);
      expect(answer).toMatchObject({ accepted: 1, problems: [] });
      await server.caughtUp();
      const month = await server.insight('token-spend', { month: '2027-04', asCustomer: customerId });
      expect(month.calls).toBe(0);
      const all = await server.insight('usage-over-time', {
        asCustomer: customerId,
        from,
        grain: 'month',
      });
      expect(all.total.calls).toBe(2);
      expect(all.buckets.at(-1)).toMatchObject({ start: '2027-04-30T22:00:00.000Z', open: true });
    } finally {
      await server.moveClock(now);
    }
  });
}
