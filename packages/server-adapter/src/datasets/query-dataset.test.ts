import type { DatasetQuery } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import { askTokenUsage as ask } from '../testing/questions/ask-token-usage.ts';
import { createQuestionStand, refusalOf, type QuestionStand } from '../testing/questions/question-stand.ts';

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
