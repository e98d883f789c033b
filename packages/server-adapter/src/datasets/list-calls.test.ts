import { datasetAnswerSchema, type DatasetQuery, type Principal } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import {
  adminOf,
  createQuestionStand,
  operator,
  refusalOf,
  type QuestionStand,
  type TestCall,
} from '../testing/questions/question-stand.ts';
import { queryDataset } from './query-dataset.ts';
import { calls } from './definitions/calls.ts';

const costs = { list: '1', effective: '0.7', charge: '1.3' };
const secrets = {
  responseId: 'canary_response',
  statedCost: { amount: '0.68', currency: 'USD' },
  providerIds: { projectId: 'canary_project', keyId: 'canary_key', requestId: 'canary_request' },
};

const at = (second: number): string => new Date(Date.UTC(2026, 10, 19, 9, 0, second)).toISOString();

async function ask(
  { door }: Pick<QuestionStand, 'door'>,
  query: DatasetQuery,
  principal: Principal = operator,
) {
  const answer = await queryDataset(door, principal, 'calls', query);
  expect(datasetAnswerSchema.parse(answer)).toEqual(answer);
  const rows = answer.rows.map((row) =>
    Object.fromEntries(answer.columns.map(({ id }, index) => [id, row[index] ?? null])),
  );
  return { ...answer, rows };
}

const every = { measures: calls.measures.map(({ id }) => id) };

describe('a row', () => {
  it('says all of a call to operators', async () => {
    const stand = await createQuestionStand();
    const [id = ''] = await stand.calls({
      at: at(1),
      customerId: 'cus_1',
      userId: 'u1',
      flow: 'triage',
      conversationId: 'c1',
      responseModel: 'gpt-4o-mini-2024',
      serviceTier: 'flex',
      batch: true,
      region: 'eu',
      httpStatus: 200,
      firstChunkMs: 12,
      complete: false,
      usage: { input: 80, cacheWrite5m: 3, output: 20, webSearches: 2 },
      estimate: { method: 'o200k', usage: { output: 9 } },
      cost: costs,
      ...secrets,
    });
    await stand.store.putFlows([{ id: 'triage', name: 'Claims' }], 0);
    const { rows, names } = await ask(stand, every);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      time: '2026-11-19T09:00:01.000Z',
      id,
      call_id: id,
      attempt: 1,
      final: 'true',
      customer: 'cus_1',
      user: 'u1',
      product: null,
      flow: 'triage',
      conversation: 'c1',
      trace: 'a'.repeat(32),
      provider: 'openai',
      model: 'gpt-4o-mini',
      response_model: 'gpt-4o-mini-2024',
      operation: 'chat',
      status: 'ok',
      complete: 'false',
      error_class: null,
      http_status: 200,
      service_tier: 'flex',
      batch: 'true',
      region: 'eu',
      estimate_method: 'o200k',
      cost_state: 'priced',
      pending_reason: null,
      superseded: 'false',
      response_id: 'canary_response',
      provider_key: 'canary_key',
      duration: 900,
      first_chunk: 12,
      total_tokens: 103,
      prompt_tokens: 83,
      completion_tokens: 20,
      input: 80,
      cache_write_5m: 3,
      cache_read: null,
      web_searches: 2,
      estimated_tokens: 9,
      cost: '0.7',
      charge: '1.3',
      list_cost: '1',
      effective_cost: '0.7',
      currency: 'USD',
      stated_cost: '0.68',
      stated_currency: 'USD',
    });
    expect(names).toEqual([
      { dimension: 'customer', id: 'cus_1', name: 'cus_1' },
      { dimension: 'flow', id: 'triage', name: 'Claims' },
    ]);
  });

  it('says a customer its charge, and nothing of the vendor or its providers\u2019 identifiers', async () => {
    const stand = await createQuestionStand();
    await stand.calls(
      { at: at(1), customerId: 'cus_1', cost: costs, ...secrets },
      { at: at(2), customerId: 'cus_2', requestModel: 'canary', cost: costs },
    );
    const shown = await ask(stand, every, adminOf('cus_1'));
    expect(shown.rows).toHaveLength(1);
    expect(shown.rows[0]).toMatchObject({ cost: '1.3', charge: '1.3', model: 'gpt-4o-mini' });
    expect(JSON.stringify(shown.rows)).not.toMatch(/canary|0\.7|0\.68/);
    expect(shown.freshness.withheld).toEqual([
      'response_id',
      'provider_project',
      'provider_key',
      'provider_request',
      'list_cost',
      'effective_cost',
      'stated_cost',
      'stated_currency',
    ]);
    expect(shown.columns.map(({ id }) => id)).not.toContain('list_cost');
    const hidden = await ask({ door: stand.doorWith({ showProviderNames: false }) }, every, adminOf('cus_1'));
    expect(hidden.freshness.withheld).toEqual(expect.arrayContaining(['model', 'provider', 'error_class']));
    expect(JSON.stringify(hidden.rows)).not.toMatch(/gpt|openai/);
  });

  it('refuses a filter on what is withheld', async () => {
    const stand = await createQuestionStand();
    for (const field of ['response_id', 'provider_key']) {
      const filters = [{ field, operator: 'eq', values: ['x'] }];
      const refused = queryDataset(stand.door, adminOf('cus_1'), 'calls', { ...every, filters });
      expect(await refusalOf(refused)).toMatchObject({ status: 403, code: 'field_withheld' });
    }
    const filters = [{ field: 'model', operator: 'eq', values: ['x'] }];
    const door = stand.doorWith({ showProviderNames: false });
    const refused = queryDataset(door, adminOf('cus_1'), 'calls', { ...every, filters });
    expect(await refusalOf(refused)).toMatchObject({ status: 403, code: 'field_withheld' });
  });

  it('shows which attempts cost money, that only the last counts, and that a second sighting does not', async () => {
    const stand = await createQuestionStand();
    const call = { callId: 'one call', customerId: 'cus_1' };
    await stand.calls(
      { at: at(1), ...call, final: false, status: 'error', cost: { list: '0.4' } },
      { at: at(2), ...call, attempt: 2, responseId: 'r', cost: costs },
      { at: at(3), ...call, attempt: 2, responseId: 'r', cost: costs },
    );
    const { rows } = await ask(stand, {
      measures: ['cost'],
      dimensions: ['attempt', 'final', 'cost_state', 'superseded'],
      filters: [{ field: 'call_id', operator: 'eq', values: ['one call'] }],
    });
    expect(rows.map((row) => Object.values(row))).toEqual([
      [2, 'true', 'not_counted', 'true', null],
      [2, 'true', 'priced', 'false', '0.7'],
      [1, 'false', 'priced', 'false', '0.4'],
    ]);
    const sums = await queryDataset(stand.door, operator, 'token_usage', { measures: ['calls', 'cost'] });
    expect(sums.rows).toEqual([[1, '1.1']]);
  });

  it('tells a customer less of why a cost is pending, also by filters', async () => {
    const stand = await createQuestionStand();
    const own = { customerId: 'cus_1' };
    await stand.calls(
      { at: at(1), ...own, cost: { pending: 'no_price_for_tier' } },
      { at: at(2), ...own, cost: { pending: 'no_list_price' } },
      { at: at(3), ...own, usage: undefined, cost: { pending: 'usage_absent' } },
      { at: at(4), ...own, cost: costs },
    );
    const reasons = async (principal: Principal, operatorOf: 'eq' | 'ne' | 'in', ...values: string[]) => {
      const filters = [{ field: 'pending_reason', operator: operatorOf, values }];
      const query = { measures: ['cost'], dimensions: ['pending_reason'], filters };
      return (await ask(stand, query, principal)).rows.map((row) => row['pending_reason']);
    };
    const admin = adminOf('cus_1');
    expect(await reasons(admin, 'eq', 'price_unknown')).toEqual(['price_unknown', 'price_unknown']);
    expect(await reasons(admin, 'in', 'price_unknown', 'usage_absent')).toHaveLength(3);
    expect(await reasons(admin, 'ne', 'price_unknown')).toEqual([null, 'usage_absent']);
    expect(await reasons(admin, 'eq', 'no_list_price')).toEqual([]);
    expect(await reasons(operator, 'eq', 'no_list_price')).toEqual(['no_list_price']);
    expect((await ask(stand, every, admin)).freshness.pending).toEqual({ calls: 3, tokens: 200 });
  });
});

describe('pages', () => {
  const query = { measures: ['duration'], dimensions: ['id'], limit: 3 };

  async function read(stand: QuestionStand, between: () => Promise<unknown> = async () => undefined) {
    const ids: unknown[] = [];
    let cursor: string | undefined;
    for (let pages = 0; pages < 20; pages += 1) {
      const page = await ask(stand, { ...query, ...(cursor === undefined ? {} : { cursor }) });
      ids.push(...page.rows.map(({ id }) => id));
      expect(page.truncated).toBe(page.nextCursor !== null);
      if (typeof page.nextCursor !== 'string') return ids;
      cursor = page.nextCursor;
      await between();
    }
    throw new Error('The list does not end.');
  }

  const some = (count: number): TestCall[] =>
    Array.from({ length: count }, (_, index) => ({ at: at(index), cost: costs }));

  it.each([1, 2, 3, 4, 6, 7])('show each of %i calls once, newest first', async (count) => {
    const stand = await createQuestionStand();
    const ids = await stand.calls(...some(count));
    expect(await read(stand)).toEqual([...ids].reverse());
  });

  it('are not disturbed by calls that arrive meanwhile, at either end or between', async () => {
    const stand = await createQuestionStand();
    const ids = await stand.calls(...some(8));
    let arrived = 0;
    const seen = await read(stand, async () => {
      arrived += 1;
      stand.clock.advance(60_000);
      await stand.calls(
        { at: at(30 + arrived), cost: costs },
        { at: `2026-11-19T09:00:00.${String(500 + arrived)}Z`, cost: costs },
      );
    });
    expect(arrived).toBeGreaterThan(1);
    expect(seen).toEqual([...ids].reverse());
    expect((await ask(stand, { ...query, limit: 100 })).rows).toHaveLength(8 + 2 * arrived);
  });

  it('go on for the same asker and question only', async () => {
    const stand = await createQuestionStand();
    await stand.calls(...some(8).map((call) => ({ ...call, customerId: 'cus_1' })));
    const { nextCursor } = await ask(stand, query);
    const cursor = nextCursor ?? '';
    const refused = async (changes: object, principal: Principal = operator) =>
      refusalOf(queryDataset(stand.door, principal, 'calls', { ...query, cursor, ...changes }));
    const filters = [{ field: 'status', operator: 'eq', values: ['ok'] }];
    expect(await refused({ filters })).toMatchObject({ status: 400, code: 'invalid_cursor' });
    expect(await refused({ from: '2026-11-01T00:00:00Z' })).toMatchObject({ code: 'invalid_cursor' });
    expect(await refused({ cursor: 'nonsense' })).toMatchObject({ status: 400, code: 'invalid_cursor' });
    expect(await refused({}, adminOf('cus_1'))).toMatchObject({ status: 410, code: 'cursor_expired' });
    expect(await refused({ asCustomer: 'cus_1' })).toMatchObject({ status: 410 });
    const [body = ''] = cursor.split('.');
    const forged = Buffer.from(
      Buffer.from(body, 'base64url')
        .toString()
        .replace(/^\["[^"]+"/, '["ffffffff-0000-7000-8000-000000000000"'),
    ).toString('base64url');
    expect(await refused({ cursor: cursor.replace(body, forged) })).toMatchObject({ status: 410 });
    const other = await createQuestionStand();
    const elsewhere = queryDataset(other.door, operator, 'calls', { ...query, cursor });
    expect(await refusalOf(elsewhere)).toMatchObject({ status: 410, code: 'cursor_expired' });
    expect((await ask(stand, { ...query, cursor, limit: 2, dimensions: ['time'] })).rows).toHaveLength(2);
  });

  it.each([
    ['another order', { orderBy: [{ field: 'duration', direction: 'desc' }] }],
    ['the oldest first', { orderBy: [{ field: 'time', direction: 'asc' }] }],
    ['a grain', { grain: 'day', dimensions: ['time'] }],
    ['a page too large', { limit: 1001 }],
  ])('refuse %s', async (_what, changes) => {
    const stand = await createQuestionStand();
    const refused = queryDataset(stand.door, operator, 'calls', { ...query, ...changes });
    expect(await refusalOf(refused)).toMatchObject({ status: 400, code: 'invalid_query' });
  });

  it('may say that they are ordered by time, newest first', async () => {
    const stand = await createQuestionStand();
    const ids = await stand.calls(...some(2));
    const ordered = await ask(stand, { ...query, orderBy: [{ field: 'time', direction: 'desc' }] });
    expect(ordered.rows.map(({ id }) => id)).toEqual([...ids].reverse());
  });
});

it('every column of the list has a cell, and every bucket a column', async () => {
  const stand = await createQuestionStand();
  const buckets = ['input', 'cacheWrite1h', 'inputImage', 'reasoning', 'seconds'] as const;
  await stand.calls({
    at: at(1),
    usage: Object.fromEntries(buckets.map((bucket, index) => [bucket, index + 1])),
  });
  const { rows } = await ask(stand, every);
  expect(rows[0]).toMatchObject({ input: 1, cache_write_1h: 2, input_image: 3, reasoning: 4, seconds: 5 });
});
