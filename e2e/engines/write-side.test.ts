import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeBadEvents } from './describe-bad-events.ts';
import { describeBadRequests } from './describe-bad-requests.ts';
import { describeLedger } from './describe-ledger.ts';
import { describePrices } from './describe-prices.ts';
import { openServer, type OpenServer, type Row } from './open-server.ts';
import { writtenAt } from './own-figures.ts';
import { engines } from './stores.ts';

// One server for all: it takes longer to start than to answer, and each test has customers of its own.
describe.each(engines)('what is sent to $engine', ({ fresh }) => {
  let server: OpenServer;
  beforeAll(async () => {
    server = await openServer(fresh, { now: writtenAt });
  });
  afterAll(() => server?.close());

  // First, because reports of providers are compared with every call that there is.
  describe('by the vendor and its providers', () => describeLedger(() => server));
  describe('as prices', () => describePrices(() => server));
  describe('as events with something wrong', () => describeBadEvents(() => server));
  describe('as requests with something wrong', () => describeBadRequests(() => server));

  test('after all of it every customer has the same sums from tables and from single calls', async () => {
    await server.caughtUp();
    const measures = [
      'calls',
      'errors',
      'total_tokens',
      'prompt_tokens',
      'pending_calls',
      'list_cost',
      'effective_cost',
      'charge',
    ];
    const filterOf = (values: readonly string[]) => [{ field: 'customer', operator: 'eq' as const, values }];
    const asked = { measures, dimensions: ['customer', 'currency'], to: writtenAt, limit: 10_000 };
    const kept = await server.rows({ ...asked, from: '2027-03-02T00:00:00Z' });
    const customers = [...new Set(kept.map(({ customer }) => customer))].filter(
      (id) => typeof id === 'string',
    );
    expect(customers.length).toBeGreaterThan(20);
    const single: Row[] = [];
    for (const customer of customers) {
      // No table of sums begins a thousandth of a second after midnight.
      const from = '2027-03-02T00:00:00.001Z';
      single.push(...(await server.rows({ ...asked, from, filters: filterOf([customer]) })));
    }
    const inOrder = (rows: readonly Row[]) =>
      rows
        .filter(({ customer }) => customer !== null)
        .map((row) => JSON.stringify(row))
        .toSorted();
    expect(inOrder(single)).toEqual(inOrder(kept));
  });
});
