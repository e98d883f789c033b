import { datasetAnswerSchema, type DatasetQuery, type Principal } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import {
  adminOf,
  createQuestionStand,
  operator,
  refusalOf,
  type QuestionStand,
} from '../testing/questions/question-stand.ts';
import { tellEvents, type ToldEvent } from '../testing/questions/tell-events.ts';
import { describeDatasets } from './describe-datasets.ts';
import { queryDataset } from './query-dataset.ts';

const at = '2026-11-19T09:00:00Z';

async function ask(
  { door }: QuestionStand,
  id: string,
  query: DatasetQuery,
  principal: Principal = operator,
) {
  const answer = await queryDataset(door, principal, id, query);
  expect(datasetAnswerSchema.parse(answer)).toEqual(answer);
  return answer;
}

const tool = (fields: Partial<ToldEvent> = {}): ToldEvent => ({
  kind: 'tool_call',
  tool: 'search',
  server: 'docs',
  status: 'ok',
  durationMs: 10,
  ...fields,
});
const message = (conversationId: string, role: string, more: object = {}): ToldEvent => ({
  kind: 'conversation_message',
  conversationId,
  role,
  ...more,
});
const goal = (more: object = {}): ToldEvent => ({ kind: 'goal_completion', goal: 'demo', ...more });
const run = (runId: string, status: string, more: object = {}): ToldEvent => ({
  kind: 'flow_run',
  flow: 'triage',
  runId,
  status,
  trigger: 'user',
  ...more,
});

describe('tool_calls', () => {
  it('counts invocations and failures by tool and server, and tells how long they took', async () => {
    const stand = await createQuestionStand();
    await tellEvents(
      stand,
      at,
      tool({ durationMs: 10 }),
      tool({ durationMs: 20 }),
      tool({ durationMs: 100, status: 'error', errorClass: 'Timeout' }),
      tool({ durationMs: 5, tool: 'fetch', server: undefined }),
    );
    const { rows, columns, names } = await ask(stand, 'tool_calls', {
      measures: ['calls', 'errors', 'error_rate', 'average_duration', 'p50_duration', 'p95_duration'],
      dimensions: ['tool', 'server'],
    });
    expect(rows).toEqual([
      ['fetch', null, 1, 0, '0', '5', 5, 5],
      ['search', 'docs', 3, 1, '0.333333', '43.333333', 20, 100],
    ]);
    expect(columns.map(({ type }) => type)).toEqual([
      'text',
      'text',
      'count',
      'count',
      'ratio',
      'duration',
      'duration',
      'duration',
    ]);
    expect(names).toEqual([]);
  });

  it('keeps rates absent, not zero, where nothing was called', async () => {
    const stand = await createQuestionStand();
    const { rows } = await ask(stand, 'tool_calls', {
      measures: ['calls', 'error_rate', 'average_duration', 'p95_duration'],
    });
    expect(rows).toEqual([[0, null, null, null]]);
  });

  it('filters on each dimension, orders, limits, and names flows', async () => {
    const stand = await createQuestionStand();
    await stand.store.putFlows([{ id: 'f1', name: 'Claims' }], 0);
    await tellEvents(
      stand,
      at,
      ...['f1', 'f1', 'f2', 'f3'].map((flow) => tool({ flow, environment: 'production' })),
      tool({ flow: 'f1', environment: 'staging' }),
    );
    const answer = await ask(stand, 'tool_calls', {
      measures: ['calls'],
      dimensions: ['flow'],
      filters: [
        { field: 'environment', operator: 'eq', values: ['production'] },
        { field: 'flow_id', operator: 'ne', values: ['f3'] },
      ],
      orderBy: [{ field: 'calls', direction: 'desc' }],
      limit: 1,
    });
    expect(answer.rows).toEqual([['f1', 2]]);
    expect(answer.truncated).toBe(true);
    expect(answer.names).toEqual([{ dimension: 'flow', id: 'f1', name: 'Claims' }]);
  });

  it('cuts time as the zone of the question does', async () => {
    const stand = await createQuestionStand();
    await tellEvents(stand, '2026-11-18T23:30:00Z', tool());
    await tellEvents(stand, '2026-11-19T22:30:00Z', tool());
    const query = { measures: ['calls'], dimensions: ['time'], from: '2026-11-16T00:00:00Z' };
    const days = async (timeZone: string) => (await ask(stand, 'tool_calls', { ...query, timeZone })).rows;
    expect(await days('UTC')).toEqual([
      ['2026-11-18T00:00:00.000Z', 1],
      ['2026-11-19T00:00:00.000Z', 1],
    ]);
    expect(await days('Europe/Berlin')).toEqual([['2026-11-18T23:00:00.000Z', 2]]);
    expect(await days('Asia/Kathmandu')).toEqual([
      ['2026-11-18T18:15:00.000Z', 1],
      ['2026-11-19T18:15:00.000Z', 1],
    ]);
  });

  it('shows ninety days, and says where it cut', async () => {
    const stand = await createQuestionStand();
    await tellEvents(stand, '2026-07-20T09:00:00Z', tool());
    await tellEvents(stand, at, tool());
    const answer = await ask(stand, 'tool_calls', { measures: ['calls'], from: '2026-07-01T00:00:00Z' });
    expect(answer.rows).toEqual([[1]]);
    expect(answer.truncatedBefore).toBe('2026-08-23T00:00:00.000Z');
    expect(answer.range.from).toBe('2026-07-01T00:00:00.000Z');
  });

  it('gives a customer its own, and refuses members and other accounts', async () => {
    const stand = await createQuestionStand();
    await tellEvents(
      stand,
      at,
      tool({ customerId: 'cus_1' }),
      tool({ customerId: 'cus_2', tool: 'canary' }),
      tool(),
    );
    const query = { measures: ['calls'], dimensions: ['tool'] };
    const own = await ask(stand, 'tool_calls', query, adminOf('cus_1'));
    expect(own.rows).toEqual([['search', 1]]);
    expect((await ask(stand, 'tool_calls', { ...query, asCustomer: 'cus_1' })).rows).toEqual(own.rows);
    const member: Principal = { ...adminOf('cus_1'), role: 'customer_member' };
    expect(await refusalOf(queryDataset(stand.door, member, 'tool_calls', query))).toMatchObject({
      status: 403,
      code: 'role_denied',
    });
    const filters = [{ field: 'customer', operator: 'eq', values: ['cus_2'] }];
    expect(
      await refusalOf(queryDataset(stand.door, adminOf('cus_1'), 'tool_calls', { ...query, filters })),
    ).toMatchObject({ status: 403, code: 'customer_not_allowed' });
  });

  it.each([
    ['an operator that texts lack', { filters: [{ field: 'tool', operator: 'contains', values: ['x'] }] }],
    ['a measure of another dataset', { measures: ['total_tokens'] }],
    ['a cursor', { cursor: 'x' }],
    ['more dimensions than go together', { dimensions: Array.from({ length: 9 }, () => 'tool') }],
  ])('refuses %s', async (_what, changes) => {
    const stand = await createQuestionStand();
    const query = { measures: ['calls'], ...changes };
    expect(await refusalOf(queryDataset(stand.door, operator, 'tool_calls', query))).toMatchObject({
      status: 400,
      code: 'invalid_query',
    });
  });
});

describe('chat', () => {
  const measures = [
    'conversations',
    'messages',
    'user_messages',
    'agent_messages',
    'engaged_conversations',
    'messages_per_conversation',
  ];

  it('counts scripted conversations exactly', async () => {
    const stand = await createQuestionStand();
    await tellEvents(
      stand,
      at,
      message('engaged', 'user'),
      message('engaged', 'agent'),
      message('engaged', 'user'),
      message('once', 'user'),
      message('once', 'agent'),
      message('alone', 'user'),
      message('alone', 'user'),
      message('talked at', 'agent'),
    );
    expect((await ask(stand, 'chat', { measures })).rows).toEqual([[4, 8, 5, 3, 1, '2']]);
  });

  it('takes from the host how many messages make a conversation engaged', async () => {
    const stand = await createQuestionStand();
    await tellEvents(stand, at, message('short', 'user'), message('short', 'agent'), message('one', 'user'));
    const engaged = async (userMessages: number, agentMessages: number) => {
      const door = stand.doorWith({ engagedConversation: { userMessages, agentMessages } });
      return (await ask({ ...stand, door }, 'chat', { measures: ['engaged_conversations'] })).rows;
    };
    expect(await engaged(2, 1)).toEqual([[0]]);
    expect(await engaged(1, 1)).toEqual([[1]]);
    expect(await engaged(1, 0)).toEqual([[2]]);
  });

  it('counts a conversation over midnight once in its week', async () => {
    const stand = await createQuestionStand();
    await tellEvents(stand, '2026-11-18T23:59:00Z', message('late', 'user'), message('late', 'agent'));
    await tellEvents(stand, '2026-11-19T00:01:00Z', message('late', 'user'));
    const by = async (grain: 'day' | 'week') =>
      (await ask(stand, 'chat', { measures, dimensions: ['time'], grain })).rows.map((row) => row.slice(1));
    expect(await by('week')).toEqual([[1, 3, 2, 1, 1, '3']]);
    expect(await by('day')).toEqual([
      [1, 2, 1, 1, 0, '2'],
      [1, 1, 1, 0, 0, '1'],
    ]);
  });
});

describe('conversions', () => {
  const goals = adminOf('cus_1', { permissions: ['analytics.view', 'goals.view'] });

  it('has two rows for two channels', async () => {
    const stand = await createQuestionStand();
    await tellEvents(
      stand,
      at,
      goal({ channel: 'web' }),
      goal({ channel: 'mail' }),
      goal({ channel: 'web' }),
    );
    const { rows } = await ask(stand, 'conversions', { measures: ['conversions'], dimensions: ['channel'] });
    expect(rows).toEqual([
      ['mail', 1],
      ['web', 2],
    ]);
  });

  it('never adds currencies', async () => {
    const stand = await createQuestionStand();
    const worth = (amount: string, currency: string) => goal({ value: { amount, currency } });
    await tellEvents(stand, at, worth('10', 'USD'), worth('0.5', 'USD'), goal());
    const measures = ['conversions', 'revenue', 'average_value'];
    const one = await ask(stand, 'conversions', { measures });
    expect(one.rows).toEqual([[3, '10.5', '5.25']]);
    expect(one.columns[1]).toMatchObject({ type: 'currency', currency: 'USD' });
    await tellEvents(stand, at, worth('7', 'EUR'));
    expect(await refusalOf(queryDataset(stand.door, operator, 'conversions', { measures }))).toMatchObject({
      status: 400,
      code: 'currency_cut_required',
    });
    const cut = await ask(stand, 'conversions', { measures, dimensions: ['currency'] });
    expect(cut.rows).toEqual([
      ['EUR', 1, '7', '7'],
      ['USD', 2, '10.5', '5.25'],
      [null, 1, null, null],
    ]);
    const filters = [{ field: 'currency', operator: 'eq' as const, values: ['EUR'] }];
    expect((await ask(stand, 'conversions', { measures, filters })).rows).toEqual([[1, '7', '7']]);
  });

  it('counts customers and conversations once', async () => {
    const stand = await createQuestionStand();
    const met = { customerId: 'cus_1', conversationId: 'c1' };
    await tellEvents(stand, at, goal(met), goal(met), goal({ customerId: 'cus_2' }), goal());
    const query = { measures: ['conversions', 'customers', 'conversations'] };
    expect((await ask(stand, 'conversions', query)).rows).toEqual([[4, 2, 1]]);
    expect((await ask(stand, 'conversions', query, goals)).rows).toEqual([[2, 1, 1]]);
  });

  it.each([
    ['conversions', 'goals.view', 'conversions'],
    ['funnel', 'goals.view', 'runs'],
    ['telemetry', 'telemetry.view', 'events'],
  ] as const)('%s needs the leaf %s to be listed and to be asked', async (id, leaf, measure) => {
    const stand = await createQuestionStand();
    const listed = async (principal: Principal) =>
      (await describeDatasets(stand.door, principal)).datasets.map((dataset) => dataset.id);
    const without = adminOf('cus_1');
    expect(await listed(without)).not.toContain(id);
    expect(await listed(adminOf('cus_1', { permissions: ['analytics.view', leaf] }))).toContain(id);
    for (const query of [{ measures: [measure] }, { measures: ['nonsense'] }]) {
      expect(await refusalOf(queryDataset(stand.door, without, id, query))).toMatchObject({
        status: 403,
        code: 'permission_missing',
      });
    }
  });
});

describe('flow_runs', () => {
  it('counts each run once, by how it stands', async () => {
    const stand = await createQuestionStand();
    await tellEvents(
      stand,
      at,
      ...['a', 'b', 'c', 'd', 'e'].map((id) => run(id, 'running')),
      run('a', 'completed', { durationMs: 100 }),
      run('b', 'completed', { durationMs: 300 }),
      run('c', 'failed', { durationMs: 50 }),
      run('d', 'aborted'),
      run('a', 'completed', { durationMs: 100, flow: 'reply' }),
    );
    const { rows } = await ask(stand, 'flow_runs', {
      measures: [
        'runs',
        'completed',
        'failed',
        'aborted',
        'in_flight',
        'success_rate',
        'average_duration',
        'p95_duration',
      ],
      dimensions: ['flow'],
    });
    expect(rows).toEqual([
      ['reply', 1, 1, 0, 0, 0, '1', '100', 100],
      ['triage', 5, 2, 1, 1, 1, '0.5', '150', 300],
    ]);
    const by = async (dimension: string) =>
      (await ask(stand, 'flow_runs', { measures: ['runs'], dimensions: [dimension] })).rows;
    expect(await by('status')).toEqual([
      ['aborted', 1],
      ['completed', 3],
      ['failed', 1],
      ['running', 1],
    ]);
    expect(await by('trigger')).toEqual([['user', 6]]);
  });
});

describe('telemetry', () => {
  it('counts events and conversations by name, and finds names by a part', async () => {
    const stand = await createQuestionStand();
    const event = (name: string, conversationId?: string): ToldEvent => ({
      kind: 'telemetry',
      name,
      conversationId,
    });
    await tellEvents(stand, at, event('panel_opened', 'c1'), event('panel_opened', 'c1'), event('closed'));
    const query = { measures: ['events', 'conversations'], dimensions: ['event_name'] };
    expect((await ask(stand, 'telemetry', query)).rows).toEqual([
      ['closed', 1, 0],
      ['panel_opened', 2, 1],
    ]);
    const filters = [{ field: 'event_name', operator: 'contains' as const, values: ['open'] }];
    expect((await ask(stand, 'telemetry', { ...query, filters })).rows).toEqual([['panel_opened', 2, 1]]);
  });
});
