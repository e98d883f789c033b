import type { CallAnswer, EraseAnswer, PutAnswer, ReconciliationStatus } from '@tallykit/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { callAt } from './build-events.ts';
import { expectProblem, type OpenServer } from './open-server.ts';
import { ownFigures } from './own-figures.ts';

const earlier = '2027-03-31T09:10:00.000Z';

/** What the vendor and its providers tell: customers, invoices and reports, and what is asked to be forgotten. */
export function describeLedger(opened: () => OpenServer): void {
  let server: OpenServer;
  const { newCustomer } = ownFigures(opened);
  beforeAll(() => {
    server = opened();
  });

  async function put(path: string, body: object): Promise<PutAnswer> {
    const answer = await server.ask<PutAnswer>(`PUT ${path}`, { as: 'operator', body });
    expect(answer.status, answer.text).toBe(200);
    return answer.body;
  }

  describe('revenue', () => {
    let invoices = 0;
    const invoice = (changes: object) => ({
      id: `invoice-${++invoices}`,
      ...{ customerId: 'payer', status: 'posted', currency: 'USD', issueDate: '2027-03-10' },
      ...{ totalExclTax: 100_00, totalInclTax: 119_00 },
      ...changes,
    });
    const revenue = (as = 'operator') => server.insight('revenue-hero', {}, as);

    test('is the sum of posted invoices, a currency at a time, in its own minor units', async () => {
      const posted = [
        invoice({ totalExclTax: 9_007_199_254_740_991, totalInclTax: 9_007_199_254_740_991 }),
        invoice({ totalExclTax: 9, totalInclTax: 10 }),
        invoice({ issueDate: '2027-03-01', totalExclTax: -16_00, totalInclTax: -19_00 }),
        invoice({ issueDate: '2027-03-31', customerId: 'other-payer' }),
        invoice({ currency: 'JPY', totalExclTax: 900, totalInclTax: 1000 }),
        invoice({ currency: 'KWD', totalExclTax: 900, totalInclTax: 1001 }),
      ];
      const others = [
        invoice({ status: 'draft' }),
        invoice({ status: 'void' }),
        invoice({ issueDate: '2027-02-28', totalInclTax: 50_00 }),
        invoice({ issueDate: '2027-04-01' }),
      ];
      expect(await put('/v1/ledger/invoices', { invoices: [...posted, ...others] })).toEqual({
        stored: 10,
        unchanged: 0,
      });
      const answer = await revenue();
      expect(answer.invoices).toBe(6);
      expect(answer.invoiced).toEqual([
        { amount: '1000', currency: 'JPY' },
        { amount: '1.001', currency: 'KWD' },
        { amount: '90071992547510.01', currency: 'USD' },
      ]);
      const days = answer.series.filter(({ invoices: count }) => count > 0);
      expect(days.map(({ start, invoices: count }) => [start.slice(0, 10), count])).toEqual([
        ['2027-03-01', 1],
        ['2027-03-10', 4],
        ['2027-03-31', 1],
      ]);
      expect(answer.previous).toMatchObject({ invoices: 1, invoiced: [{ amount: '50', currency: 'USD' }] });
      expect(await put('/v1/ledger/invoices', { invoices: posted })).toEqual({ stored: 0, unchanged: 6 });
      expect((await revenue()).invoiced).toEqual(answer.invoiced);
    });

    test('of a customer is its own invoices only', async () => {
      const own = await revenue('customer_admin:other-payer');
      expect([own.invoices, own.invoiced]).toEqual([1, [{ amount: '119', currency: 'USD' }]]);
    });

    test('follows an invoice that is corrected or voided', async () => {
      const own = { customerId: 'corrected', id: 'corrected-invoice' };
      await put('/v1/ledger/invoices', { invoices: [invoice({ ...own, totalInclTax: 1 })] });
      await put('/v1/ledger/invoices', { invoices: [invoice({ ...own, totalInclTax: 2_50 })] });
      expect((await revenue('customer_admin:corrected')).invoiced).toEqual([
        { amount: '2.5', currency: 'USD' },
      ]);
      await put('/v1/ledger/invoices', { invoices: [invoice({ ...own, status: 'void' })] });
      expect(await revenue('customer_admin:corrected')).toMatchObject({ invoices: 0, invoiced: [] });
    });

    test.each<readonly [string, object, string]>([
      ['an amount with a fraction', { totalInclTax: 1.5 }, '/invoices/1/totalInclTax'],
      ['an amount as text', { totalInclTax: '119.00' }, '/invoices/1/totalInclTax'],
      ['a day that is none', { issueDate: '2027-02-30' }, '/invoices/1/issueDate'],
      ['an unknown key', { margin: 1 }, '/invoices/1/margin'],
    ])('with %s is refused whole and by its place', async (_what, changes, pointer) => {
      const customerId = newCustomer();
      const body = { invoices: [invoice({ customerId }), invoice({ customerId, ...changes })] };
      const answer = await server.ask('PUT /v1/ledger/invoices', { as: 'operator', body });
      expectProblem(answer, 400, 'invalid_request');
      expect(answer.body.errors?.map((error) => error.pointer)).toEqual([pointer]);
      expect((await revenue(`customer_admin:${customerId}`)).invoices).toBe(0);
    });
  });

  describe("a provider's report", () => {
    const provider = 'house';
    const asked = { from: '2027-03-18T00:00:00Z', to: '2027-03-31T10:42:00Z' };
    const status = (as = 'operator', query: Record<string, string> = {}) =>
      server.insight('reconciliation-status', { ...asked, ...query }, as);
    const line = (day: string, changes: object = {}) => ({
      ...{
        sourceId: `${provider}-${day}`,
        provider,
        from: `${day}T00:00:00Z`,
        fetchedAt: '2027-03-31T10:00:00Z',
      },
      to: new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString(),
      ...{ usage: { input: 100, output: 20 }, cost: { amount: '0.0012', currency: 'USD' } },
      ...changes,
    });
    const statesOf = (answer: ReconciliationStatus): Readonly<Record<string, string>> =>
      Object.fromEntries(
        answer.providers
          .find((each) => each.provider === provider)
          ?.days.map(({ day, state }) => [day.slice(-2), state]) ?? [],
      );

    beforeAll(async () => {
      const rates = [
        { bucket: 'input', amount: '10' },
        { bucket: 'output', amount: '10' },
      ];
      await put('/v1/prices', { prices: [{ provider, model: 'house-1', rates }] });
      await server.send(
        ['19', '20', '21', '23', '24', '29', '30'].map((day) =>
          callAt(`2027-03-${day}T12:00:00Z`, { provider, requestModel: 'house-1', customerId: 'reconciled' }),
        ),
      );
      await server.caughtUp();
    });

    test('is not configured before the first one', async () => {
      const before = await status();
      expect(before.state).toBe('not_configured');
      expect(new Set(Object.values(statesOf(before)))).toEqual(new Set(['not_configured']));
    });

    test('gives each day the state that its lines and calls come to', async () => {
      await put('/v1/provider-lines', {
        lines: [
          line('2027-03-20'),
          line('2027-03-21', {
            usage: { input: 500, output: 100 },
            cost: { amount: '0.006', currency: 'USD' },
          }),
          line('2027-03-22'),
          line('2027-03-23', { cost: { amount: '0.0006', currency: 'USD' } }),
          line('2027-03-30'),
        ],
      });
      const answer = await status();
      expect(statesOf(answer)).toEqual({
        19: 'not_configured',
        20: 'matched',
        21: 'variance',
        22: 'unallocated',
        23: 'matched_with_adjustment',
        24: 'variance',
        29: 'variance',
        30: 'provisional',
      });
      expect(answer.state).toBe('variance');
      expect(answer.matchedThrough).toBe('2027-03-20');
      const days = answer.providers.find((each) => each.provider === provider)?.days ?? [];
      expect(days.find(({ day }) => day === '2027-03-21')).toMatchObject({
        coverage: 0.2,
        reported: { tokens: 600, cost: [{ amount: '0.006', currency: 'USD' }] },
        captured: { tokens: 120, calls: 1, cost: [{ amount: '0.0012', currency: 'USD' }] },
        residual: { tokens: 480, cost: [{ amount: '0.0048', currency: 'USD' }], reasons: ['bypass_traffic'] },
      });
    });

    test('is restated by a later line of the same source', async () => {
      expect(await put('/v1/provider-lines', { lines: [line('2027-03-21'), line('2027-03-20')] })).toEqual({
        stored: 1,
        unchanged: 1,
      });
      expect(statesOf(await status())).toMatchObject({ 20: 'matched', 21: 'matched' });
      expect((await status()).matchedThrough).toBe('2027-03-21');
    });

    test('shows a customer the states of its own days and no amount', async () => {
      const own = await status('customer_admin:reconciled');
      expect(statesOf(own)).toMatchObject({ 20: 'matched', 23: 'matched_with_adjustment' });
      expect(Object.keys(statesOf(own))).not.toContain('22');
      expect(own.freshness.withheld).toEqual(
        expect.arrayContaining(['reported', 'captured', 'residual', 'totals']),
      );
      expect(JSON.stringify(own)).not.toMatch(/"(reported|captured|residual|totals|amount)":/);
      expect((await status('customer_admin:nobody')).providers).toEqual([]);
    });

    test('with a line that is no line is refused whole and by its place', async () => {
      const lines = [line('2027-03-26'), line('2027-03-27', { usage: { input: -1 } })];
      const answer = await server.ask('PUT /v1/provider-lines', { as: 'operator', body: { lines } });
      expectProblem(answer, 400, 'invalid_request');
      expect(answer.body.errors?.map((error) => error.pointer)).toEqual(['/lines/1/usage/input']);
      expect(Object.keys(statesOf(await status()))).not.toContain('26');
    });
  });

  describe('customers', () => {
    test('show by the name that the ledger gives them, and by their id until then', async () => {
      const customerId = newCustomer();
      await server.send([callAt(earlier, { customerId })]);
      await server.caughtUp();
      const shown = async () => (await server.insight('token-spend', { customerId })).scope.customerName;
      expect([null, customerId]).toContain(await shown());
      await put('/v1/ledger/customers', { customers: [{ id: customerId, name: 'Named' }] });
      expect(await shown()).toBe('Named');
      await put('/v1/ledger/customers', { customers: [{ id: customerId, name: 'Renamed' }] });
      expect(await shown()).toBe('Renamed');
    });

    test('cannot stand above themselves', async () => {
      const customers = [
        { id: 'ring-a', name: 'A', parentCustomerId: 'ring-b' },
        { id: 'ring-b', name: 'B', parentCustomerId: 'ring-a' },
      ];
      const answer = await server.ask('PUT /v1/ledger/customers', { as: 'operator', body: { customers } });
      expect(answer.status, answer.text).toBeGreaterThanOrEqual(400);
      expectProblem(answer, answer.status, answer.body.code);
    });

    test('are forgotten on request, while counts and money stay', async () => {
      const customerId = newCustomer();
      const personal = {
        userId: 'canary-user',
        conversationId: 'canary-conversation',
        tags: { desk: 'canary-tag' },
      };
      const event = callAt(earlier, { customerId, ...personal });
      await put('/v1/ledger/customers', { customers: [{ id: customerId, name: 'canary-name' }] });
      await server.send([event, callAt(earlier, { customerId })]);
      await server.caughtUp();
      const filters = [{ field: 'flow', operator: 'isNull' as const }];
      const whole = await server.rows({ measures: ['calls', 'total_tokens', 'cost'], filters });
      const erased = await server.ask<EraseAnswer>(`POST /v1/customers/${customerId}/erase`, {
        as: 'operator',
        body: {},
      });
      expect(erased.status, erased.text).toBeLessThan(300);
      expect(erased.body).toMatchObject({ customerId, events: 2 });
      await server.caughtUp();
      expect(await server.rows({ measures: ['calls', 'total_tokens', 'cost'], filters })).toEqual(whole);
      const call = await server.ask<CallAnswer>(`GET /v1/calls/${event.id}`, { as: 'operator' });
      expect(call.status).toBe(200);
      expect(call.text).not.toContain('canary');
      expect(call.body.cost.charge).toEqual({ amount: '0.000027', currency: 'USD' });
      const chart = await server.ask('GET /v1/insights/usage-over-time?groupBy=customer&top=20', {
        as: 'operator',
      });
      expect(chart.text).not.toContain('canary');
      const unknown = await server.ask('POST /v1/customers/nobody-at-all/erase', {
        as: 'operator',
        body: {},
      });
      expectProblem(unknown, 404, unknown.body.code);
    });
  });
}
