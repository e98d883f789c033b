import {
  datasetAnswerSchema,
  type DatasetAnswer,
  type DatasetQuery,
  type Principal,
} from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import {
  adminOf,
  createQuestionStand,
  operator,
  refusalOf,
  type QuestionStand,
} from '../testing/questions/question-stand.ts';
import { queryDataset } from './query-dataset.ts';

async function ask(
  stand: QuestionStand,
  query: DatasetQuery,
  principal: Principal = operator,
): Promise<DatasetAnswer> {
  const answer = await queryDataset(stand.door, principal, 'token_usage', query);
  expect(datasetAnswerSchema.parse(answer)).toEqual(answer);
  return answer;
}

const usd = (list: string) => ({ list });

describe('sums', () => {
  it('cuts by time and flow and adds present names of flows', async () => {
    const stand = await createQuestionStand();
    await stand.calls(
      { at: '2026-11-19T09:00:00Z', flow: 'triage', cost: usd('0.25') },
      { at: '2026-11-19T10:00:00Z', flow: 'triage', cost: usd('0.5') },
      { at: '2026-11-20T09:00:00Z', flow: 'draft', cost: usd('1') },
      { at: '2026-11-20T09:30:00Z', cost: usd('2') },
    );
    await stand.store.putFlows([{ id: 'triage', name: 'Claims triage' }], 0);
    const query: DatasetQuery = { measures: ['total_tokens', 'cost', 'calls'], dimensions: ['time', 'flow'] };
    const answer = await ask(stand, query);
    expect(answer.columns.map(({ id, role, type, currency }) => [id, role, type, currency])).toEqual([
      ['time', 'dimension', 'time', undefined],
      ['flow', 'dimension', 'text', undefined],
      ['total_tokens', 'measure', 'tokens', undefined],
      ['cost', 'measure', 'currency', 'USD'],
      ['calls', 'measure', 'count', undefined],
    ]);
    expect(answer.rows).toEqual([
      ['2026-11-19T00:00:00.000Z', 'triage', 200, '0.75', 2],
      ['2026-11-20T00:00:00.000Z', 'draft', 100, '1', 1],
      ['2026-11-20T00:00:00.000Z', null, 100, '2', 1],
    ]);
    expect(answer.names).toEqual([
      { dimension: 'flow', id: 'triage', name: 'Claims triage' },
      { dimension: 'flow', id: 'draft', name: 'draft' },
    ]);
    await stand.store.putFlows([{ id: 'triage', name: 'Sorting' }], 0);
    expect((await ask(stand, query)).names?.[0]?.name).toBe('Sorting');
  });

  it('tells tokens that nobody reported from zero tokens', async () => {
    const stand = await createQuestionStand();
    await stand.calls(
      { at: '2026-11-19T09:00:00Z', flow: 'silent', usage: undefined, cost: { pending: 'usage_absent' } },
      { at: '2026-11-19T09:00:00Z', flow: 'zero', usage: { input: 0, output: 0 }, cost: usd('0') },
    );
    const { rows, freshness } = await ask(stand, {
      measures: ['total_tokens', 'prompt_tokens', 'cost', 'pending_calls'],
      dimensions: ['flow'],
    });
    expect(rows).toEqual([
      ['silent', null, null, null, 1],
      ['zero', 0, 0, '0', 0],
    ]);
    expect(freshness.pending).toEqual({ calls: 1, tokens: null });
  });

  it('puts cache, reasoning and other buckets where they belong', async () => {
    const stand = await createQuestionStand();
    const usage = {
      input: 900,
      cacheRead: 300,
      cacheWrite5m: 50,
      output: 120,
      reasoning: 64,
      webSearches: 2,
    };
    await stand.calls({ at: '2026-11-19T09:00:00Z', usage, cost: usd('1') });
    const { rows } = await ask(stand, { measures: ['prompt_tokens', 'completion_tokens', 'total_tokens'] });
    expect(rows).toEqual([[1250, 184, 1434]]);
  });

  it('answers with one row when nothing was recorded', async () => {
    const { rows } = await ask(await createQuestionStand(), { measures: ['calls', 'total_tokens', 'cost'] });
    expect(rows).toEqual([[0, null, null]]);
  });

  it('orders by a measure, limits, and says so; pending is that of all rows', async () => {
    const stand = await createQuestionStand();
    await stand.calls(
      { at: '2026-11-19T09:00:00Z', flow: 'a', cost: usd('9') },
      { at: '2026-11-19T09:00:00Z', flow: 'b', cost: usd('10') },
      { at: '2026-11-19T09:00:00Z', flow: 'c', cost: { pending: 'unknown_model' } },
    );
    const answer = await ask(stand, {
      measures: ['cost'],
      dimensions: ['flow'],
      orderBy: [{ field: 'cost', direction: 'desc' }],
      limit: 1,
    });
    expect(answer).toMatchObject({ rows: [['b', '10']], truncated: true });
    expect(answer.freshness.pending).toEqual({ calls: 1, tokens: 100 });
  });
});

describe('currencies', () => {
  async function twoCurrencies(): Promise<QuestionStand> {
    const stand = await createQuestionStand();
    await stand.calls(
      { at: '2026-11-19T09:00:00Z', flow: 'a', cost: { list: '1', currency: 'USD' } },
      { at: '2026-11-19T09:00:00Z', flow: 'b', cost: { list: '2', currency: 'EUR' } },
      { at: '2026-11-19T09:00:00Z', flow: 'b', cost: { pending: 'no_price' } },
    );
    return stand;
  }

  it('refuses to put two of them into one column, even in different rows', async () => {
    const stand = await twoCurrencies();
    const refused = refusalOf(ask(stand, { measures: ['cost'], dimensions: ['flow'] }));
    expect(await refused).toMatchObject({ status: 400, code: 'currency_cut_required' });
    expect((await ask(stand, { measures: ['total_tokens'] })).rows).toEqual([[300]]);
  });

  it('keeps them apart when they are cut by, with calls that have none in a row of their own', async () => {
    const { rows } = await ask(await twoCurrencies(), {
      measures: ['cost', 'calls'],
      dimensions: ['currency'],
    });
    expect(rows).toEqual([
      ['EUR', '2', 1],
      ['USD', '1', 1],
      [null, null, 1],
    ]);
  });

  it('still tells of pending calls when filtered by a currency, which they do not have', async () => {
    const answer = await ask(await twoCurrencies(), {
      measures: ['cost', 'calls'],
      filters: [{ field: 'currency', operator: 'eq', values: ['EUR'] }],
    });
    expect(answer.rows).toEqual([['2', 1]]);
    expect(answer.columns[0]?.currency).toBe('EUR');
    expect(answer.freshness.pending).toEqual({ calls: 1, tokens: 100 });
  });

  it('is not asked for once re-pricing moved a call from one currency to the other', async () => {
    const stand = await createQuestionStand();
    const first = { list: '3', currency: 'EUR' };
    const [id] = await stand.calls({ at: '2026-11-19T09:00:00Z', cost: first });
    await stand.calls({ at: '2026-11-19T09:00:00Z', cost: usd('1') });
    await stand.reprice(id, first, usd('4'));
    const { rows, columns } = await ask(stand, { measures: ['cost', 'calls'] });
    expect(rows).toEqual([['5', 2]]);
    expect(columns[0]?.currency).toBe('USD');
  });
});

describe('a re-priced call', () => {
  it('changes its amount once and its count never', async () => {
    const stand = await createQuestionStand();
    const waiting = { pending: 'no_price' };
    const [id] = await stand.calls({ at: '2026-11-19T09:00:00Z', flow: 'a', cost: waiting });
    const query: DatasetQuery = {
      measures: ['calls', 'total_tokens', 'cost', 'pending_calls'],
      dimensions: ['flow'],
    };
    expect((await ask(stand, query)).rows).toEqual([['a', 1, 100, null, 1]]);
    await stand.reprice(id, waiting, usd('2'));
    expect((await ask(stand, query)).rows).toEqual([['a', 1, 100, '2', 0]]);
    await stand.reprice(id, usd('2'), usd('1.5'));
    expect((await ask(stand, query)).rows).toEqual([['a', 1, 100, '1.5', 0]]);
  });
});

describe('messages and conversations', () => {
  const averages = [
    'average_tokens_per_message',
    'average_tokens_per_conversation',
    'messages',
    'conversations',
  ];

  it('counts an agent loop of three calls with one message id as one message', async () => {
    const stand = await createQuestionStand();
    const loop = { messageId: 'm1', conversationId: 'c1', cost: usd('1') };
    await stand.calls(
      { at: '2026-11-19T09:00:00Z', ...loop },
      { at: '2026-11-19T09:00:01Z', ...loop },
      { at: '2026-11-19T09:00:02Z', ...loop },
      { at: '2026-11-19T09:00:03Z', cost: usd('1') },
      { at: '2026-11-19T09:00:04Z', usage: undefined, cost: { pending: 'usage_absent' } },
    );
    const { rows } = await ask(stand, { measures: averages });
    expect(rows).toEqual([['200', '300', 2, 1]]);
  });

  it('counts a chat over midnight once in its week, and once on each of its days', async () => {
    const stand = await createQuestionStand();
    const chat = { conversationId: 'c1', cost: usd('1') };
    await stand.calls({ at: '2026-11-17T23:59:00Z', ...chat }, { at: '2026-11-18T00:01:00Z', ...chat });
    const by = (grain: 'day' | 'week') =>
      ask(stand, { measures: ['conversations', 'cost'], dimensions: ['time'], grain });
    expect((await by('week')).rows).toEqual([['2026-11-16T00:00:00.000Z', 1, '2']]);
    expect((await by('day')).rows).toEqual([
      ['2026-11-17T00:00:00.000Z', 1, '1'],
      ['2026-11-18T00:00:00.000Z', 1, '1'],
    ]);
  });

  it('counts them once, although their calls are in two currencies or pending', async () => {
    const stand = await createQuestionStand();
    const chat = { messageId: 'm1', conversationId: 'c1' };
    await stand.calls(
      { at: '2026-11-17T09:00:00Z', ...chat, cost: usd('1') },
      { at: '2026-11-17T09:01:00Z', ...chat, cost: { pending: 'no_price' } },
    );
    expect((await ask(stand, { measures: ['cost', ...averages] })).rows).toEqual([['1', '200', '200', 1, 1]]);
  });
});

describe('time', () => {
  it.each([
    [
      'a day of 23 hours',
      '2026-03-29',
      '2026-03-28T23:00:00Z',
      '2026-03-29T21:59:59Z',
      '2026-03-29T22:00:00Z',
    ],
    [
      'a day of 25 hours',
      '2026-10-25',
      '2026-10-24T22:00:00Z',
      '2026-10-25T22:59:59Z',
      '2026-10-25T23:00:00Z',
    ],
  ])('holds %s whole in a zone', async (_name, _day, first, last, next) => {
    const stand = await createQuestionStand({
      now: '2026-10-30T10:00:00Z',
      timeZone: 'Europe/Berlin',
      settings: { tokenUsageWindowDays: 400 },
    });
    await stand.calls(
      { at: first, cost: usd('1') },
      { at: last, cost: usd('1') },
      { at: next, cost: usd('1') },
    );
    const { rows } = await ask(stand, {
      measures: ['calls'],
      dimensions: ['time'],
      from: '2026-01-31T23:00:00Z',
    });
    expect(rows).toEqual([
      [new Date(first).toISOString(), 2],
      [new Date(next).toISOString(), 1],
    ]);
  });

  it('cuts months by the zone that the query names', async () => {
    const stand = await createQuestionStand({ timeZone: 'Europe/Berlin' });
    await stand.calls({ at: '2026-10-31T23:30:00Z', cost: usd('1') });
    const by = async (timeZone: string) =>
      (await ask(stand, { measures: ['calls'], dimensions: ['time'], grain: 'month', timeZone })).rows;
    expect(await by('Europe/Berlin')).toEqual([['2026-10-31T23:00:00.000Z', 1]]);
    expect(await by('UTC')).toEqual([['2026-10-01T00:00:00.000Z', 1]]);
    expect(await by('Asia/Kathmandu')).toEqual([['2026-10-31T18:15:00.000Z', 1]]);
  });

  it('answers 120 days with a note and 90 days, not with zeros', async () => {
    const stand = await createQuestionStand();
    await stand.calls(
      { at: '2026-08-01T09:00:00Z', cost: usd('1') },
      { at: '2026-11-01T09:00:00Z', cost: usd('1') },
    );
    const answer = await ask(stand, {
      measures: ['calls'],
      dimensions: ['time'],
      from: '2026-07-23T00:00:00Z',
    });
    expect(answer.truncatedBefore).toBe('2026-08-23T00:00:00.000Z');
    expect(answer.range.from).toBe('2026-07-23T00:00:00.000Z');
    expect(answer.rows).toEqual([['2026-11-01T00:00:00.000Z', 1]]);
  });

  it('reaches back 90 days unless told, without a note', async () => {
    const answer = await ask(await createQuestionStand(), { measures: ['calls'] });
    expect(answer.range).toEqual({
      from: '2026-08-23T00:00:00.000Z',
      to: '2026-11-20T10:42:00.000Z',
      timeZone: 'UTC',
    });
    expect(answer.truncatedBefore).toBeUndefined();
  });

  it('tells the bucket that is still open, and none where the range holds none', async () => {
    const stand = await createQuestionStand();
    const open = await ask(stand, { measures: ['calls'], dimensions: ['time'], grain: 'week' });
    expect(open.freshness.openBucket).toEqual({
      start: '2026-11-16T00:00:00.000Z',
      end: '2026-11-23T00:00:00.000Z',
    });
    const closed = await ask(stand, {
      measures: ['calls'],
      dimensions: ['time'],
      to: '2026-11-01T00:00:00Z',
    });
    expect(closed.freshness.openBucket).toBeNull();
  });

  it('tells that sums lag behind the log', async () => {
    const stand = await createQuestionStand();
    const lagging = stand.store.advanceRollups.bind(stand.store);
    Object.assign(stand.store, { advanceRollups: async () => ({ from: 0, to: 0, head: 0 }) });
    stand.clock.set(Date.parse('2026-11-20T10:00:00Z'));
    await stand.calls({ at: '2026-11-20T09:59:00Z', cost: usd('1') });
    stand.clock.set(Date.parse('2026-11-20T11:00:00Z'));
    expect((await ask(stand, { measures: ['calls'] })).freshness.asOf).not.toBe('2026-11-20T11:00:00.000Z');
    await lagging(1000);
    expect((await ask(stand, { measures: ['calls'] })).freshness.asOf).toBe('2026-11-20T11:00:00.000Z');
  });
});

describe('refusals', () => {
  it.each([
    ['no measure', { measures: [] }, 'invalid_request', '/measures'],
    ['an unknown key', { measures: ['calls'], where: '1=1' }, 'invalid_request', '/where'],
    [
      'a text that looks like SQL',
      { measures: ['calls; drop table event'] },
      'invalid_request',
      '/measures/0',
    ],
    ['an unknown measure', { measures: ['calls', 'latency'] }, 'invalid_query', '/measures/1'],
    ['an unknown dimension', { measures: ['calls'], dimensions: ['user'] }, 'invalid_query', '/dimensions/0'],
    ['a measure twice', { measures: ['calls', 'calls'] }, 'invalid_query', '/measures/1'],
    [
      'an unknown filter',
      { measures: ['calls'], filters: [{ field: 'time', operator: 'eq', values: ['x'] }] },
      'invalid_query',
      '/filters/0/field',
    ],
    [
      'an unknown operator',
      { measures: ['calls'], filters: [{ field: 'flow', operator: 'like', values: ['x'] }] },
      'invalid_request',
      '/filters/0/operator',
    ],
    [
      'an operator that the field lacks',
      { measures: ['calls'], filters: [{ field: 'flow', operator: 'gt', values: ['x'] }] },
      'invalid_query',
      '/filters/0/operator',
    ],
    [
      'no value',
      { measures: ['calls'], filters: [{ field: 'flow', operator: 'eq' }] },
      'invalid_query',
      '/filters/0/values',
    ],
    [
      'a value too many',
      { measures: ['calls'], filters: [{ field: 'flow', operator: 'isNull', values: ['x'] }] },
      'invalid_query',
      '/filters/0/values',
    ],
    [
      'an order by what is not selected',
      { measures: ['calls'], orderBy: [{ field: 'cost', direction: 'asc' }] },
      'invalid_query',
      '/orderBy/0/field',
    ],
    ['a grain without time', { measures: ['calls'], grain: 'day' }, 'invalid_query', '/grain'],
    [
      'a zone that is none',
      { measures: ['calls'], timeZone: 'Mars/Olympus' },
      'invalid_request',
      '/timeZone',
    ],
    [
      'an end before the start',
      { measures: ['calls'], from: '2026-11-02T00:00:00Z', to: '2026-11-01T00:00:00Z' },
      'invalid_query',
      '/from',
    ],
  ])('refuses %s by name', async (_name, body, code, pointer) => {
    const stand = await createQuestionStand();
    const error = await queryDataset(stand.door, operator, 'token_usage', body).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ status: 400, code, errors: [expect.objectContaining({ pointer })] });
  });

  it('knows no dataset by another id', async () => {
    const stand = await createQuestionStand();
    for (const id of ['nope', 'flow_runs', '__proto__']) {
      expect(await refusalOf(queryDataset(stand.door, operator, id, { measures: ['calls'] }))).toMatchObject({
        status: 404,
        code: 'dataset_not_found',
      });
    }
  });

  it('takes ids that look like SQL as the texts they are', async () => {
    const stand = await createQuestionStand();
    const flow = `x' OR '1'='1`;
    await stand.calls(
      { at: '2026-11-19T09:00:00Z', flow, cost: usd('1') },
      { at: '2026-11-19T09:00:00Z', flow: 'y', cost: usd('2') },
    );
    const { rows } = await ask(stand, {
      measures: ['cost'],
      dimensions: ['flow'],
      filters: [{ field: 'flow_id', operator: 'eq', values: [flow] }],
    });
    expect(rows).toEqual([[flow, '1']]);
  });

  it('says what to do where no sums answer', async () => {
    const stand = await createQuestionStand();
    const refused = await refusalOf(
      ask(stand, { measures: ['calls'], dimensions: ['flow', 'product', 'model', 'configuration'] }),
    );
    expect(refused).toMatchObject({ status: 400, code: 'too_detailed' });
    expect(refused.text).toContain('at most 31 days');
    const narrow = await ask(
      stand,
      {
        measures: ['calls'],
        dimensions: ['flow', 'product', 'model', 'configuration'],
        from: '2026-11-01T00:00:00Z',
      },
      adminOf('cus_1'),
    );
    expect(narrow.rows).toEqual([]);
  });
});
