import type { ConversationAnswer, DatasetAnswer, DatasetQuery, Problem } from '@tallykit/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { callAt, idAt, newTraceId, type Sent } from './build-events.ts';
import { expectProblem, type OpenServer } from './open-server.ts';

const day = '2027-03-30';
const at = (time: string): string => `${day}T${time}Z`;

function eventAt(time: string, kind: string, fields: Sent): Sent {
  return { kind, id: idAt(at(time)), traceId: newTraceId(), ...fields };
}

/** What scripted events of every kind answer, to the last one. Each test has a customer of its own. */
export function describeEvents(opened: () => OpenServer): void {
  let server: OpenServer;
  let customers = 0;
  const newCustomer = (): string => `events-${++customers}`;
  beforeAll(() => {
    server = opened();
  });

  const query = (id: string, body: DatasetQuery, as = 'operator') =>
    server.ask<DatasetAnswer & Problem>(`POST /v1/datasets/${id}/query`, { as, body });

  async function rowsOf(id: string, customerId: string, body: DatasetQuery) {
    const filters = [
      { field: 'customer', operator: 'eq' as const, values: [customerId] },
      ...(body.filters ?? []),
    ];
    const { status, text, body: answer } = await query(id, { ...body, filters });
    expect(status, text).toBe(200);
    return answer.rows;
  }

  test('tools are counted by tool and server, with what went wrong and how long it took', async () => {
    const customerId = newCustomer();
    const call = (tool: string, durationMs: number, more: Sent = {}): Sent =>
      eventAt('10:00:00', 'tool_call', {
        customerId,
        tool,
        server: 'docs',
        status: 'ok',
        durationMs,
        ...more,
      });
    const sent = [
      ...Array.from({ length: 18 }, (_, index) => call('search', 10 * (index + 1))),
      call('search', 1000, { status: 'error', errorClass: 'Timeout' }),
      call('search', 2000, { status: 'aborted' }),
      call('fetch', 5),
    ];
    expect((await server.send(sent)).accepted).toBe(21);
    const measures = ['calls', 'errors', 'error_rate', 'average_duration', 'p50_duration', 'p95_duration'];
    expect(await rowsOf('tool_calls', customerId, { measures, dimensions: ['tool'] })).toEqual([
      ['fetch', 1, 0, '0', '5', 5, 5],
      ['search', 20, 1, '0.05', '235.5', 100, 1000],
    ]);
    const failed = { measures: ['calls'], dimensions: ['error_class'] };
    expect(await rowsOf('tool_calls', customerId, failed)).toEqual([
      ['Timeout', 1],
      [null, 20],
    ]);
    const refused = await server.send([call('search', 1, { arguments: { query: 'canary' } })]);
    expect(refused).toMatchObject({
      accepted: 0,
      problems: [{ code: 'unknown_key', pointer: '/arguments' }],
    });
  });

  test('chats, goals, runs, telemetry and a funnel are exact', async () => {
    const customerId = newCustomer();
    const talk = (conversationId: string, role: string, time = '11:00:00') =>
      eventAt(time, 'conversation_message', { customerId, conversationId, role, channel: 'web' });
    const goal = (channel: string, amount?: string, currency = 'USD') =>
      eventAt('11:10:00', 'goal_completion', {
        customerId,
        goal: 'demo',
        channel,
        ...(amount === undefined ? {} : { value: { amount, currency } }),
      });
    const run = (runId: string, status: string, durationMs?: number) =>
      eventAt(durationMs === undefined ? '11:20:00' : '11:21:00', 'flow_run', {
        customerId,
        flow: 'triage',
        runId,
        status,
        trigger: 'user',
        ...(durationMs === undefined ? {} : { durationMs }),
      });
    const steps = ['asked', 'answered', 'booked'];
    const put = await server.ask('PUT /v1/ledger/flows', {
      as: 'operator',
      body: { flows: [{ id: 'onboarding', name: 'Onboarding', steps }] },
    });
    expect(put.status, put.text).toBe(200);
    const reached = [10, 6, 3].flatMap((count, index) =>
      Array.from({ length: count }, (_, number) =>
        eventAt('11:30:00', 'flow_step', {
          customerId,
          flow: 'onboarding',
          runId: `run ${number}`,
          step: steps[index],
        }),
      ),
    );
    await server.send([
      talk('engaged', 'user'),
      talk('engaged', 'agent'),
      talk('engaged', 'user'),
      talk('short', 'user'),
      goal('web', '10'),
      goal('web', '0.5'),
      goal('mail', '7', 'EUR'),
      goal('mail'),
      run('a', 'running'),
      run('a', 'completed', 100),
      run('b', 'running'),
      run('b', 'failed', 300),
      run('c', 'running'),
      eventAt('11:40:00', 'telemetry', { customerId, name: 'panel_opened', conversationId: 'engaged' }),
      eventAt('11:40:00', 'telemetry', { customerId, name: 'panel_opened', conversationId: 'engaged' }),
      ...reached,
    ]);
    const chat = ['conversations', 'messages', 'user_messages', 'agent_messages', 'engaged_conversations'];
    expect(await rowsOf('chat', customerId, { measures: chat })).toEqual([[2, 4, 3, 1, 1]]);
    const worth = { measures: ['conversions', 'revenue', 'average_value'], dimensions: ['currency'] };
    expect(await rowsOf('conversions', customerId, worth)).toEqual([
      ['EUR', 1, '7', '7'],
      ['USD', 2, '10.5', '5.25'],
      [null, 1, null, null],
    ]);
    const channels = { measures: ['conversions'], dimensions: ['channel'] };
    expect(await rowsOf('conversions', customerId, channels)).toEqual([
      ['mail', 2],
      ['web', 2],
    ]);
    const uncut = await query('conversions', { measures: ['revenue'] });
    expectProblem(uncut, 400, 'currency_cut_required');
    const runs = ['runs', 'completed', 'failed', 'in_flight', 'success_rate', 'average_duration'];
    expect(await rowsOf('flow_runs', customerId, { measures: runs })).toEqual([[3, 1, 1, 1, '0.5', '200']]);
    const events = { measures: ['events', 'conversations'], dimensions: ['event_name'] };
    expect(await rowsOf('telemetry', customerId, events)).toEqual([['panel_opened', 2, 1]]);
    const funnel = {
      measures: ['runs', 'drop_off'],
      filters: [{ field: 'flow_id', operator: 'eq' as const, values: ['onboarding'] }],
    };
    expect(await rowsOf('funnel', customerId, funnel)).toEqual([
      ['asked', 10, null],
      ['answered', 6, '0.4'],
      ['booked', 3, '0.5'],
    ]);
    expectProblem(await query('funnel', { measures: ['runs'] }), 400, 'flow_required');
  });

  test('customers are shown their own events, and what needs a leaf is refused', async () => {
    const [own, other] = [newCustomer(), newCustomer()];
    const tool = (customerId: string, name: string) =>
      eventAt('12:00:00', 'tool_call', { customerId, tool: name, status: 'ok', durationMs: 1 });
    await server.send([tool(own, 'mine'), tool(other, 'canary')]);
    const question = { measures: ['calls'], dimensions: ['tool'] };
    const seen = await query('tool_calls', question, `customer_admin:${own}`);
    expect(seen.body.rows, seen.text).toEqual([['mine', 1]]);
    expectProblem(await query('tool_calls', question, `customer_member:${own}`), 403, 'role_denied');
    const goals = await query('conversions', { measures: ['conversions'] }, `customer_admin:${own}`);
    expectProblem(goals, 403, 'permission_missing');
    const listed = await server.ask<{ datasets: { id: string }[] }>('GET /v1/datasets', {
      as: `customer_admin:${own}`,
    });
    expect(listed.body.datasets.map(({ id }) => id).toSorted()).toEqual([
      'calls',
      'chat',
      'flow_runs',
      'token_usage',
      'tool_calls',
    ]);
  });

  test('three turns are three calls and one sum', async () => {
    const customerId = newCustomer();
    const conversationId = `talk of ${customerId}`;
    const turns = ['13:00:00', '13:01:00', '13:02:00'];
    await server.send(
      turns.flatMap((time) => [
        eventAt(time, 'conversation_message', { customerId, conversationId, role: 'user' }),
        callAt(at(time), { customerId, conversationId }),
      ]),
    );
    const asked = (as: string, id = conversationId) =>
      server.ask<ConversationAnswer & Problem>(`GET /v1/conversations/${encodeURIComponent(id)}`, { as });
    for (const as of ['operator', `customer_admin:${customerId}`]) {
      const { body, text } = await asked(as);
      expect(body.calls, text).toHaveLength(3);
      expect(body.messages).toHaveLength(3);
      expect(body.totals).toEqual({
        calls: 3,
        tokens: 360,
        cost: [{ amount: '0.000081', currency: 'USD' }],
        pending: { calls: 0, tokens: null },
      });
    }
    const [foreign, unknown] = [
      await asked('customer_admin:somebody-else'),
      await asked('customer_admin:somebody-else', 'unknown'),
    ];
    expectProblem(foreign, 404, 'not_found');
    expect({ ...foreign.body, instance: '' }).toEqual({ ...unknown.body, instance: '' });
  });

  describe('single calls', () => {
    test('show the attempts that cost money; one call is counted', async () => {
      const customerId = newCustomer();
      const call = { customerId, callId: `call of ${customerId}` };
      const [first, last] = [
        callAt(at('14:00:00'), { ...call, final: false, status: 'error', httpStatus: 500 }),
        callAt(at('14:00:01'), { ...call, attempt: 2 }),
      ];
      const { usage: _none, ...refused } = callAt(at('14:00:02'), {
        ...call,
        attempt: 3,
        final: false,
        status: 'error',
        httpStatus: 429,
      });
      await server.send([first, last, refused]);
      await server.caughtUp();
      const list = { measures: ['total_tokens', 'cost'], dimensions: ['attempt', 'final', 'cost_state'] };
      expect(await rowsOf('calls', customerId, list)).toEqual([
        [3, 'false', 'not_counted', null, null],
        [2, 'true', 'priced', 120, '0.000027'],
        [1, 'false', 'priced', 120, '0.000027'],
      ]);
      const [sums] = await server.rows({
        measures: ['calls', 'total_tokens', 'cost'],
        asCustomer: customerId,
      });
      expect(sums).toEqual({ calls: 1, total_tokens: 240, cost: '0.000054' });
    });

    test('take their usage from a second sighting when they seemed to be refused', async () => {
      const customerId = newCustomer();
      const responseId = `response of ${customerId}`;
      const { usage: _none, ...refused } = callAt(at('14:10:00'), {
        customerId,
        responseId,
        status: 'error',
        httpStatus: 502,
      });
      await server.send([refused]);
      await server.caughtUp();
      const figures = () =>
        server.rows({ measures: ['calls', 'total_tokens', 'cost', 'pending_calls'], asCustomer: customerId });
      expect(await figures()).toEqual([{ calls: 1, total_tokens: null, cost: '0', pending_calls: 0 }]);
      const good = (time: string) => callAt(at(time), { customerId, responseId });
      await server.send([good('14:10:01')]);
      await server.send([good('14:10:02')]);
      await server.caughtUp();
      expect(await figures()).toEqual([{ calls: 1, total_tokens: 120, cost: '0.000027', pending_calls: 0 }]);
      const list = { measures: ['total_tokens', 'cost'], dimensions: ['superseded', 'cost_state'] };
      expect(await rowsOf('calls', customerId, list)).toEqual([
        ['true', 'not_counted', 120, null],
        ['true', 'not_counted', 120, null],
        ['false', 'priced', 120, '0.000027'],
      ]);
    });

    test('are read page by page while others arrive, each once', async () => {
      const customerId = newCustomer();
      const call = (second: number) => callAt(Date.parse(at('15:00:00')) + second * 1000, { customerId });
      const sent = Array.from({ length: 25 }, (_, index) => call(index * 2));
      await server.send(sent);
      const seen: unknown[] = [];
      let cursor: string | null | undefined;
      for (let page = 0; page < 10 && cursor !== null; page += 1) {
        const { body, text, status } = await query('calls', {
          measures: ['cost'],
          dimensions: ['id'],
          filters: [{ field: 'customer', operator: 'eq', values: [customerId] }],
          limit: 10,
          ...(cursor === undefined ? {} : { cursor }),
        });
        expect(status, text).toBe(200);
        seen.push(...body.rows.map(([id]) => id));
        cursor = body.nextCursor;
        await server.send([call(100 + page), call(3 + page * 10)]);
      }
      expect(seen).toEqual(sent.map(({ id }) => id).toReversed());
    });
  });
}
