import {
  maxEventBucket,
  type CallAnswer,
  type DatasetAnswer,
  type PriceInput,
  type PricesAnswer,
  type PricesPutAnswer,
  type SettleAnswer,
  type TraceAnswer,
} from '@tallykit/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { callAt, newTraceId } from './build-events.ts';
import { expectProblem, type OpenServer } from './open-server.ts';
import { ownFigures } from './own-figures.ts';

const earlier = '2027-03-31T09:10:00.000Z';

/** What calls cost, and what becomes of it when prices come and change. Each test has a model and a customer of its own. */
export function describePrices(opened: () => OpenServer): void {
  let server: OpenServer;
  let models = 0;
  const newModel = (): string => `model-${++models}`;
  const { newCustomer, figures } = ownFigures(opened);
  beforeAll(() => {
    server = opened();
  });

  const price = (model: string, amount: string, more: Partial<PriceInput> = {}): PriceInput => ({
    provider: 'openai',
    model,
    rates: [
      { bucket: 'input', amount },
      { bucket: 'output', amount },
    ],
    ...more,
  });
  async function put(...prices: readonly PriceInput[]): Promise<PricesPutAnswer> {
    const answer = await server.ask<PricesPutAnswer>('PUT /v1/prices', { as: 'operator', body: { prices } });
    expect(answer.status, answer.text).toBe(200);
    return answer.body;
  }
  async function settle(body: object): Promise<SettleAnswer> {
    const answer = await server.ask<SettleAnswer>('POST /v1/prices/settle', { as: 'operator', body });
    expect(answer.status, answer.text).toBe(200);
    return answer.body;
  }
  async function explained(id: string, as = 'operator'): Promise<CallAnswer> {
    const answer = await server.ask<CallAnswer>(`GET /v1/calls/${id}`, { as });
    expect(answer.status, answer.text).toBe(200);
    return answer.body;
  }

  test('a call without a price is pending with its reason, and costs something as soon as a price is there', async () => {
    const [customerId, requestModel] = [newCustomer(), newModel()];
    const event = callAt(earlier, { customerId, requestModel });
    await server.send([event, callAt(earlier, { customerId })]);
    expect(await figures(customerId)).toMatchObject({ calls: 2, cost: '0.000027', pending_calls: 1 });
    expect(await explained(event.id)).toMatchObject({
      cost: { state: 'pending', reason: 'unknown_model', charge: null, effective: null },
      entries: [{ kind: 'pending', reason: 'unknown_model' }],
    });
    const spend = await server.insight('token-spend', { asCustomer: customerId });
    expect(spend.pending).toMatchObject({ calls: 1, tokens: 120, share: 0.5 });
    expect((await put(price(requestModel, '10'))).settled).toBe(1);
    expect(await figures(customerId)).toMatchObject({ calls: 2, cost: '0.001227', pending_calls: 0 });
    const after = await explained(event.id);
    expect(after.entries.map(({ kind }) => kind)).toEqual(['pending', 'priced']);
    expect(after.prices?.map(({ source, model }) => [source, model])).toEqual([['override', requestModel]]);
  });

  test("the price of the call's own time counts, whenever it is told", async () => {
    const [customerId, requestModel] = [newCustomer(), newModel()];
    await put(
      price(requestModel, '1', { validFrom: '2027-03-10T00:00:00Z', validTo: '2027-03-20T00:00:00Z' }),
      price(requestModel, '2', { validFrom: '2027-03-20T00:00:00Z' }),
    );
    const events = [
      '2027-03-09T23:59:59.999Z',
      '2027-03-10T00:00:00Z',
      '2027-03-19T23:59:59.999Z',
      '2027-03-20T00:00:00Z',
    ].map((at) => callAt(at, { customerId, requestModel }));
    await server.send(events);
    const costs = await Promise.all(events.map(async ({ id }) => (await explained(id)).cost));
    expect(costs.map(({ state, effective }) => effective?.amount ?? state)).toEqual([
      'pending',
      '0.00012',
      '0.00012',
      '0.00024',
    ]);
    expect(costs[0]?.reason).toBe('no_price_at_time');
  });

  test('a changed price counts for new calls; old ones change only when asked, by exactly the difference told before', async () => {
    const [customerId, requestModel] = [newCustomer(), newModel()];
    await put(price(requestModel, '3'));
    const old = callAt(earlier, { customerId, requestModel });
    await server.send([old]);
    expect((await put(price(requestModel, '4.000001'))).settled).toBe(0);
    const fresh = callAt(earlier, { customerId, requestModel });
    await server.send([fresh]);
    expect((await explained(fresh.id)).cost.effective?.amount).toBe('0.00048000012');
    expect(await figures(customerId)).toMatchObject({ calls: 2, cost: '0.00084000012', pending_calls: 0 });

    const request = { provider: 'openai', model: requestModel, calls: 'all' };
    const shown = await settle(request);
    expect(shown).toMatchObject({ dryRun: true, examined: 2, repriced: 1, unchanged: 1, settled: 0 });
    expect(shown.difference).toEqual([{ amount: '0.00012000012', currency: 'USD' }]);
    expect(await figures(customerId)).toMatchObject({ cost: '0.00084000012' });
    expect(await settle({ ...request, dryRun: false })).toEqual({ ...shown, dryRun: false });
    expect(await figures(customerId)).toMatchObject({
      calls: 2,
      total_tokens: 240,
      cost: '0.00096000024',
      pending_calls: 0,
    });

    const { entries, cost } = await explained(old.id);
    expect(entries.map(({ kind, effective }) => [kind, effective])).toEqual([
      ['priced', '0.00036'],
      ['reversed', '-0.00036'],
      ['priced', '0.00048000012'],
    ]);
    expect(entries.map(({ sequence }) => sequence)).toEqual(
      entries.map(({ sequence }) => sequence).toSorted((a, b) => a - b),
    );
    expect(cost.effective?.amount).toBe('0.00048000012');
    expect(await settle({ ...request, dryRun: false })).toMatchObject({
      repriced: 0,
      unchanged: 2,
      difference: [],
    });
    const own = await server.insight('token-spend', {}, `customer_admin:${customerId}`);
    expect(own.spend).toEqual([{ amount: '0.00096000024', currency: 'USD' }]);
  });

  test('storing the same price again changes nothing, and one that is wrong stores none', async () => {
    const model = newModel();
    expect(await put(price(model, '1'))).toMatchObject({ stored: 1, unchanged: 0 });
    expect(await put(price(model, '1.000'))).toMatchObject({ stored: 0, unchanged: 1 });
    for (const wrong of [
      price(model, '-1'),
      price(model, '1e3'),
      price(model, '1', { currency: 'usd' }),
      price(model, '1', { validFrom: '2027-03-20T00:00:00Z', validTo: '2027-03-10T00:00:00Z' }),
      { ...price(model, '1'), secret: 'x' },
    ]) {
      const body = { prices: [price(model, '7'), wrong] };
      const answer = await server.ask('PUT /v1/prices', { as: 'operator', body });
      expectProblem(answer, 400, answer.body.code);
      expect(answer.body.errors?.every(({ pointer }) => pointer.startsWith('/prices/1'))).toBe(true);
    }
    const listed = await server.ask<PricesAnswer>(`GET /v1/prices?source=override&model=${model}`, {
      as: 'operator',
    });
    expect(listed.body.prices.map(({ rates }) => rates[0]?.amount)).toEqual(['1']);
  });

  test('prices list by pages without a gap or a repeat', async () => {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { body, status, text } = await server.ask<PricesAnswer>(
        `GET /v1/prices?provider=openai&limit=40${query}`,
        { as: 'operator' },
      );
      expect(status, text).toBe(200);
      ids.push(...body.prices.map(({ id }) => id));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(ids.length).toBeGreaterThan(40);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('the contract and the list stand side by side, and the customer is told the list', async () => {
    const [customerId, requestModel] = [newCustomer(), newModel()];
    await put(
      price(requestModel, '5', { appliesTo: 'list' }),
      price(requestModel, '2', { appliesTo: 'effective' }),
    );
    const event = callAt(earlier, { customerId, requestModel });
    await server.send([event]);
    await server.caughtUp();
    const amount = (text: string) => ({ amount: text, currency: 'USD' });
    expect((await explained(event.id)).cost).toMatchObject({
      list: amount('0.0006'),
      effective: amount('0.00024'),
      charge: amount('0.0006'),
    });
    const filter = [{ field: 'customer', operator: 'eq' as const, values: [customerId] }];
    const rows = await server.rows({
      measures: ['cost', 'list_cost', 'effective_cost', 'charge'],
      filters: filter,
    });
    expect(rows).toEqual([
      { cost: '0.00024', list_cost: '0.0006', effective_cost: '0.00024', charge: '0.0006' },
    ]);
    expect(await server.insight('token-spend', { customerId })).toMatchObject({
      basis: 'effective',
      spend: [amount('0.00024')],
      amounts: { list: [amount('0.0006')], effective: [amount('0.00024')], charge: [amount('0.0006')] },
    });
    const own = await server.insight('token-spend', {}, `customer_admin:${customerId}`);
    expect([own.basis, own.spend, own.amounts]).toEqual(['charge', [amount('0.0006')], undefined]);
    expect((await explained(event.id, `customer_admin:${customerId}`)).cost).toEqual({
      state: 'priced',
      reason: null,
      charge: amount('0.0006'),
    });
  });

  test('reasons to wait are told to operators as they are, and to customers without the prices behind them', async () => {
    const [customerId, requestModel] = [newCustomer(), newModel()];
    await put(price(requestModel, '5'));
    const { usage: _usage, ...silent } = callAt(earlier, { customerId });
    const noRate = callAt(earlier, { customerId, requestModel, usage: { input: 1, inputAudio: 5 } });
    await server.send([silent, noRate]);
    await server.caughtUp();
    expect((await explained(noRate.id)).cost).toMatchObject({
      state: 'pending',
      reason: 'no_rate_for_bucket',
    });
    const reasonsOf = async (as: string, query: Record<string, string> = {}) =>
      (await server.insight('token-spend', query, as)).pending.reasons.map(({ reason }) => reason).toSorted();
    expect(await reasonsOf('operator', { customerId })).toEqual(['no_rate_for_bucket', 'usage_absent']);
    expect(await reasonsOf(`customer_admin:${customerId}`)).toEqual(['price_unknown', 'usage_absent']);
  });

  test('what a provider says that a call costs is kept and never summed, and a refusal costs nothing', async () => {
    const customerId = newCustomer();
    const stated = callAt(earlier, { customerId, statedCost: { amount: '99.5', currency: 'USD' } });
    const { usage: _usage, ...refused } = callAt(earlier, { customerId, status: 'error', httpStatus: 429 });
    await server.send([stated, refused]);
    expect(await figures(customerId)).toMatchObject({ calls: 2, cost: '0.000027', pending_calls: 0 });
    expect((await explained(stated.id)).call.statedCost).toEqual({ amount: '99.5', currency: 'USD' });
    expect((await explained(refused.id)).cost).toMatchObject({ state: 'priced', reason: 'not_billed' });
  });

  test('an entry is rounded once, half to even, at twelve places', async () => {
    const [customerId, requestModel] = [newCustomer(), newModel()];
    await put(price(requestModel, '0.0000005'));
    const events = [1, 3, 5].map((input) => callAt(earlier, { customerId, requestModel, usage: { input } }));
    await server.send(events);
    const amounts = await Promise.all(
      events.map(async ({ id }) => (await explained(id)).cost.effective?.amount),
    );
    expect(amounts).toEqual(['0', '0.000000000002', '0.000000000002']);
    expect(await figures(customerId)).toMatchObject({ cost: '0.000000000004' });
  });

  test('amounts of two currencies are never added', async () => {
    const [customerId, euros] = [newCustomer(), newModel()];
    await put(price(euros, '1', { currency: 'EUR' }));
    await server.send([
      callAt(earlier, { customerId, requestModel: euros }),
      callAt(earlier, { customerId }),
    ]);
    await server.caughtUp();
    const body = { measures: ['cost', 'calls'], asCustomer: customerId };
    const refused = await server.ask<DatasetAnswer>('POST /v1/datasets/token_usage/query', {
      as: 'operator',
      body,
    });
    expectProblem(refused as never, 400, 'currency_cut_required');
    expect(await server.rows({ ...body, dimensions: ['currency'] })).toEqual([
      { currency: 'EUR', cost: '0.00012', calls: 1 },
      { currency: 'USD', cost: '0.000027', calls: 1 },
    ]);
    const spend = await server.insight('token-spend', { asCustomer: customerId });
    expect([spend.calls, spend.spend]).toEqual([
      2,
      [
        { amount: '0.00012', currency: 'EUR' },
        { amount: '0.000027', currency: 'USD' },
      ],
    ]);
  });

  test('the cost of a request is that of all its calls, and moves with them', async () => {
    const [customerId, requestModel, traceId] = [newCustomer(), newModel(), newTraceId()];
    await server.send([
      callAt(earlier, { customerId, traceId }),
      callAt(earlier, { customerId, traceId, requestModel }),
    ]);
    const totals = async () => {
      const { body } = await server.ask<TraceAnswer>(`GET /v1/traces/${traceId}`, {
        as: `customer_admin:${customerId}`,
      });
      return body.totals;
    };
    expect(await totals()).toMatchObject({
      calls: 2,
      cost: [{ amount: '0.000027' }],
      pending: { calls: 1, tokens: 120 },
    });
    await put(price(requestModel, '1'));
    expect(await totals()).toMatchObject({
      calls: 2,
      tokens: 240,
      cost: [{ amount: '0.000147' }],
      pending: { calls: 0 },
    });
  });

  test('nothing waits for a price that is already there, however prices and calls meet', async () => {
    const [customerId, requestModel] = [newCustomer(), newModel()];
    const batches = Array.from({ length: 8 }, () =>
      Array.from({ length: 20 }, () => callAt(earlier, { customerId, requestModel })),
    );
    const [before, after] = [batches.slice(0, 4), batches.slice(4)];
    await Promise.all([
      ...before.map((events) => server.send(events)),
      put(price(requestModel, '1')),
      ...after.map((events) => server.send(events)),
    ]);
    expect(await figures(customerId)).toEqual({
      calls: 160,
      total_tokens: 19_200,
      cost: '0.0192',
      pending_calls: 0,
    });
  });

  describe('counts at the edge of exact numbers', () => {
    const most = maxEventBucket;

    test('one call with as many tokens as can be counted is counted to the token', async () => {
      const [customerId, requestModel] = [newCustomer(), newModel()];
      await put(price(requestModel, '1', { rates: [{ bucket: 'input', amount: '1', per: 1 }] }));
      await server.send([callAt(earlier, { customerId, requestModel, usage: { input: most } })]);
      expect(await figures(customerId)).toMatchObject({ calls: 1, total_tokens: most, cost: String(most) });
    });

    test('a call beyond is refused, and its neighbour lands', async () => {
      const customerId = newCustomer();
      const answer = await server.send([
        callAt(earlier, { customerId, usage: { input: most + 1, output: 1 } }),
        callAt(earlier, { customerId }),
      ]);
      expect(answer).toMatchObject({
        accepted: 1,
        problems: [{ index: 0, code: 'invalid_event', pointer: '/usage/input' }],
      });
      expect(await figures(customerId)).toMatchObject({ calls: 1 });
    });
  });
}
