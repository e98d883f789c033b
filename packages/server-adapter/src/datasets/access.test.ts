import type { DatasetQuery, Principal } from '@tallykit/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adminOf, createQuestionStand, operator, refusalOf } from '../testing/questions/question-stand.ts';
import { tellEvents, type ToldEvent } from '../testing/questions/tell-events.ts';
import { describeDatasets } from './describe-datasets.ts';
import { queryDataset } from './query-dataset.ts';
import { servedDatasets, type ServedDataset } from './served-datasets.ts';

const costs = { list: '1', effective: '0.7', charge: '1.3' };

async function threeCustomers() {
  const stand = await createQuestionStand();
  await stand.calls(
    { at: '2026-11-19T09:00:00Z', customerId: 'cus_1', flow: 'f1', cost: costs },
    { at: '2026-11-19T09:00:00Z', customerId: 'cus_2', flow: 'f2', cost: { ...costs, currency: 'EUR' } },
    { at: '2026-11-19T09:00:00Z', customerId: 'cus_2_child', flow: 'f3', cost: { pending: 'no_price' } },
    { at: '2026-11-19T09:00:00Z', flow: 'f4', cost: costs },
  );
  await stand.store.putCustomers(
    [
      { id: 'cus_1', name: 'One' },
      { id: 'cus_2', name: 'Two' },
      { id: 'cus_2_child', name: 'Two junior', parentCustomerId: 'cus_2' },
    ],
    0,
  );
  return stand;
}

describe('whose rows', () => {
  it('refuses a customer whose id is no whole text', async () => {
    const { door } = await createQuestionStand();
    const query = { measures: ['calls'] };
    for (const asked of [
      queryDataset(door, operator, 'token_usage', { ...query, asCustomer: 'cus\ud800' }),
      queryDataset(door, adminOf('cus\ud800'), 'token_usage', query),
    ]) {
      expect(await refusalOf(asked)).toMatchObject({ status: 400, code: 'invalid_customer' });
    }
  });

  it('gives a customer its own rows and no others, however it asks', async () => {
    const { door } = await threeCustomers();
    const query: DatasetQuery = { measures: ['calls', 'cost'], dimensions: ['customer', 'flow'] };
    const one = await queryDataset(door, adminOf('cus_1'), 'token_usage', query);
    expect(one.rows).toEqual([['cus_1', 'f1', 1, '1.3']]);
    expect(one.scope).toEqual({
      organizationId: 'acme',
      customerId: 'cus_1',
      customerName: 'One',
      visibility: 'customer',
    });
    expect(one.names).toContainEqual({ dimension: 'customer', id: 'cus_1', name: 'One' });
  });

  it('adds customers below only when the host says so', async () => {
    const { door } = await threeCustomers();
    const query: DatasetQuery = { measures: ['calls'], dimensions: ['customer'] };
    const rowsFor = async (principal: Principal) =>
      (await queryDataset(door, principal, 'token_usage', query)).rows;
    expect(await rowsFor(adminOf('cus_2'))).toEqual([['cus_2', 1]]);
    expect(await rowsFor(adminOf('cus_2', { includeDescendants: true }))).toEqual([
      ['cus_2', 1],
      ['cus_2_child', 1],
    ]);
  });

  it('lets a customer name an account below it when the host says so, and none above', async () => {
    const { door } = await threeCustomers();
    const named = async (principal: Principal, asCustomer: string) =>
      (await queryDataset(door, principal, 'token_usage', { measures: ['calls'], asCustomer })).scope
        .customerId;
    expect(await named(adminOf('cus_2', { includeDescendants: true }), 'cus_2_child')).toBe('cus_2_child');
    const refusals = [
      named(adminOf('cus_2'), 'cus_2_child'),
      named(adminOf('cus_2_child', { includeDescendants: true }), 'cus_2'),
    ];
    for (const refused of refusals) expect(await refusalOf(refused)).toMatchObject({ status: 403 });
  });

  it('narrows an operator by asCustomer in scope and visibility alike', async () => {
    const { door } = await threeCustomers();
    const query: DatasetQuery = { measures: ['cost', 'list_cost'], asCustomer: 'cus_1' };
    const asCustomer = await queryDataset(door, operator, 'token_usage', query);
    const asAdmin = await queryDataset(door, adminOf('cus_1'), 'token_usage', {
      measures: ['cost', 'list_cost'],
    });
    expect(asCustomer).toEqual(asAdmin);
    expect(asCustomer.rows).toEqual([['1.3']]);
    expect(asCustomer.freshness.withheld).toEqual(['list_cost']);
  });

  it('narrows an operator that the host bound to a customer as well', async () => {
    const { door } = await threeCustomers();
    const bound = { ...operator, customerId: 'cus_1' };
    const ask = (asCustomer?: string) =>
      queryDataset(door, bound, 'token_usage', { measures: ['list_cost', 'calls'], asCustomer });
    expect((await ask()).rows).toEqual([['1', 1]]);
    expect((await ask('cus_1')).rows).toEqual([[1]]);
    expect(await refusalOf(ask('cus_2'))).toMatchObject({ status: 403, code: 'customer_not_allowed' });
  });

  it.each(['cus_2', 'cus_2_child', 'nobody', "cus_1' OR 1=1 --"])(
    'refuses a customer that names %s, in the same words whether it exists or not',
    async (foreign) => {
      const { door } = await threeCustomers();
      const inFilter = (operatorName: 'eq' | 'ne' | 'in' | 'contains') =>
        refusalOf(
          queryDataset(door, adminOf('cus_1'), 'token_usage', {
            measures: ['calls'],
            filters: [{ field: 'customer', operator: operatorName, values: [foreign] }],
          }),
        );
      const asCustomer = await refusalOf(
        queryDataset(door, adminOf('cus_1'), 'token_usage', { measures: ['calls'], asCustomer: foreign }),
      );
      const refusals = [
        asCustomer,
        await inFilter('eq'),
        await inFilter('ne'),
        await inFilter('in'),
        await inFilter('contains'),
      ];
      for (const refused of refusals) {
        expect(refused).toMatchObject({ status: 403, code: 'customer_not_allowed' });
        expect(refused.text).not.toContain(foreign);
      }
    },
  );

  it('denies members before it looks at what they ask', async () => {
    const { door } = await threeCustomers();
    const member: Principal = {
      ...adminOf('cus_1'),
      role: 'customer_member',
      permissions: ['analytics.view'],
    };
    for (const ask of [
      queryDataset(door, member, 'token_usage', { measures: ['calls'] }),
      queryDataset(door, member, 'token_usage', 'nonsense'),
      queryDataset(door, member, 'unknown', {}),
      describeDatasets(door, member),
    ]) {
      expect(await refusalOf(ask)).toMatchObject({ status: 403, code: 'role_denied' });
    }
  });

  it('denies whoever lacks the permission', async () => {
    const { door } = await threeCustomers();
    const without = { ...operator, permissions: ['pricing.manage'] as const };
    expect(
      await refusalOf(queryDataset(door, without, 'token_usage', { measures: ['calls'] })),
    ).toMatchObject({
      status: 403,
      code: 'permission_missing',
    });
  });
});

describe('withheld fields', () => {
  it('leaves withheld measures out and names them', async () => {
    const { door } = await threeCustomers();
    const answer = await queryDataset(door, adminOf('cus_1'), 'token_usage', {
      measures: ['list_cost', 'calls', 'effective_cost', 'charge', 'unattributed_calls'],
    });
    expect(answer.columns.map(({ id }) => id)).toEqual(['calls', 'charge']);
    expect(answer.rows).toEqual([[1, '1.3']]);
    expect(answer.freshness.withheld).toEqual(['list_cost', 'effective_cost', 'unattributed_calls']);
  });

  it('answers without an error when all that was asked for is withheld', async () => {
    const { door } = await threeCustomers();
    const answer = await queryDataset(door, adminOf('cus_1'), 'token_usage', { measures: ['list_cost'] });
    expect(answer).toMatchObject({ columns: [], rows: [[]], freshness: { withheld: ['list_cost'] } });
  });

  it('refuses to order by one', async () => {
    const { door } = await threeCustomers();
    const query: DatasetQuery = {
      measures: ['calls', 'list_cost'],
      dimensions: ['flow'],
      orderBy: [{ field: 'list_cost', direction: 'desc' }],
    };
    expect(await refusalOf(queryDataset(door, adminOf('cus_1'), 'token_usage', query))).toMatchObject({
      status: 403,
      code: 'field_withheld',
    });
  });

  it.each<DatasetQuery>([
    { measures: ['calls'], dimensions: ['model'] },
    { measures: ['calls'], dimensions: ['provider'] },
    { measures: ['calls'], filters: [{ field: 'model', operator: 'eq', values: ['gpt-4o-mini'] }] },
    { measures: ['calls'], filters: [{ field: 'provider', operator: 'contains', values: ['o'] }] },
  ])('refuses to group or filter by a hidden name: %j', async (query) => {
    const stand = await threeCustomers();
    const hidden = stand.doorWith({ showProviderNames: false });
    expect(await refusalOf(queryDataset(hidden, adminOf('cus_1'), 'token_usage', query))).toMatchObject({
      status: 403,
      code: 'field_withheld',
    });
    expect((await queryDataset(stand.door, adminOf('cus_1'), 'token_usage', query)).rows).toHaveLength(1);
    expect((await queryDataset(hidden, operator, 'token_usage', query)).rows.length).toBeGreaterThan(0);
  });

  it('lists for each what it may ask, and all frozen ids', async () => {
    const stand = await threeCustomers();
    const fieldsOf = async (principal: Principal, showProviderNames: boolean) => {
      const catalogue = await describeDatasets(stand.doorWith({ showProviderNames }), principal);
      const [dataset] = catalogue.datasets;
      return {
        ids: catalogue.ids,
        dimensions: dataset?.dimensions.map(({ id }) => id) ?? [],
        measures: dataset?.measures.map(({ id }) => id) ?? [],
        filters: dataset?.filters.map(({ field }) => field) ?? [],
      };
    };
    const all = await fieldsOf(operator, false);
    expect(all.ids.slice(0, 6)).toEqual([
      'conversions',
      'chat',
      'token_usage',
      'flow_runs',
      'telemetry',
      'funnel',
    ]);
    expect(all.dimensions).toContain('model');
    expect(all.measures).toContain('effective_cost');
    const customer = await fieldsOf(adminOf('cus_1'), false);
    expect(customer.dimensions).not.toContain('model');
    expect(customer.filters).not.toContain('provider');
    expect(customer.measures).not.toContain('list_cost');
    expect((await fieldsOf(adminOf('cus_1'), true)).dimensions).toContain('model');
  });
});

describe('every dataset', () => {
  const at = '2026-11-19T09:00:00Z';
  const about = (customerId: string, mark: string): readonly ToldEvent[] => {
    const who = { customerId, flow: mark, conversationId: mark, channel: mark };
    return [
      { kind: 'tool_call', tool: mark, status: 'ok', durationMs: 3, ...who },
      { kind: 'conversation_message', role: 'user', ...who },
      { kind: 'goal_completion', goal: mark, value: { amount: '2', currency: 'USD' }, ...who },
      { kind: 'flow_run', runId: mark, status: 'completed', trigger: mark, durationMs: 5, ...who },
      { kind: 'telemetry', name: mark, ...who },
      { kind: 'flow_step', runId: mark, step: mark, ...who },
    ];
  };
  const permissions = ['analytics.view', 'goals.view', 'telemetry.view'] as const;
  const queryOf = (dataset: ServedDataset): DatasetQuery => ({
    measures: dataset.measures.map(({ id }) => id).slice(0, 20),
    ...(dataset.shape === 'funnel'
      ? { filters: [{ field: 'flow', operator: 'eq', values: ['own'] }] }
      : { dimensions: dataset.dimensions.map(({ id }) => id).slice(0, 3) }),
  });

  it.each(servedDatasets.map((dataset) => [dataset.id, dataset] as const))(
    '%s gives a customer the answer it would have alone, and a member none',
    async (id, dataset) => {
      const own = [{ at, customerId: 'cus_1', flow: 'own', cost: costs }];
      const alone = await createQuestionStand();
      await alone.calls(...own);
      await tellEvents(alone, at, ...about('cus_1', 'own'));
      const crowded = await createQuestionStand();
      await crowded.calls(...own);
      await tellEvents(crowded, at, ...about('cus_1', 'own'));
      await crowded.calls({ at, customerId: 'cus_2', flow: 'canary', requestModel: 'canary', cost: costs });
      await tellEvents(crowded, at, ...about('cus_2', 'canary'));
      const admin = adminOf('cus_1', { permissions });
      const [one, other] = await Promise.all(
        [alone, crowded].map((stand) => queryDataset(stand.door, admin, id, queryOf(dataset))),
      );
      expect(one?.rows).toHaveLength(1);
      expect(other).toEqual(one);
      expect(JSON.stringify(other)).not.toContain('canary');
      const member: Principal = { ...admin, role: 'customer_member' };
      expect(await refusalOf(queryDataset(crowded.door, member, id, queryOf(dataset)))).toMatchObject({
        status: 403,
        code: 'role_denied',
      });
    },
  );
});

describe('any principal and any query', () => {
  const measures = [
    'calls',
    'cost',
    'charge',
    'list_cost',
    'effective_cost',
    'total_tokens',
    'messages',
    'conversations',
    'pending_calls',
  ];
  const dimensions = ['time', 'flow', 'customer', 'product', 'model', 'currency', 'environment'];

  it('never shows a figure that another customer changed, nor a withheld one', async () => {
    const own = [
      { at: '2026-11-18T09:00:00Z', customerId: 'cus_1', flow: 'mine', conversationId: 'c', cost: costs },
      { at: '2026-11-19T09:00:00Z', customerId: 'cus_1', flow: 'mine', cost: { pending: 'no_price' } },
    ];
    const foreign = ['cus_2', 'cus_3', undefined].map((customerId) => ({
      at: '2026-11-19T10:00:00Z',
      ...(customerId === undefined ? {} : { customerId }),
      flow: 'canary_flow',
      productId: 'canary_product',
      requestModel: 'canary-model',
      conversationId: 'c',
      cost: { list: '777', currency: 'EUR' },
    }));
    const alone = await createQuestionStand();
    await alone.calls(...own);
    const crowded = await createQuestionStand();
    await crowded.calls(...own, ...foreign);
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          measures: fc.uniqueArray(fc.constantFrom(...measures), { minLength: 1, maxLength: 4 }),
          dimensions: fc.uniqueArray(fc.constantFrom(...dimensions), { maxLength: 2 }),
          from: fc.constantFrom('2026-11-01T00:00:00Z', '2026-11-19T00:00:00Z'),
          includeDescendants: fc.boolean(),
          showProviderNames: fc.boolean(),
        }),
        async ({ includeDescendants, showProviderNames, ...query }) => {
          const principal = adminOf('cus_1', { includeDescendants });
          const [one, other] = await Promise.all(
            [alone, crowded].map((stand) =>
              queryDataset(stand.doorWith({ showProviderNames }), principal, 'token_usage', query).catch(
                (error: { code?: unknown }) => ({ refused: error.code }),
              ),
            ),
          );
          expect(other).toEqual(one);
          const text = JSON.stringify(other);
          expect(text).not.toContain('canary');
          expect(text).not.toContain('777');
          expect(text).not.toMatch(/"0\.7"/);
        },
      ),
      { numRuns: 150 },
    );
  });
});
