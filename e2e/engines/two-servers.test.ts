import type { CallAnswer, LedgerFlow } from '@tallykit/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callAt } from './build-events.ts';
import { openServer, type OpenServer } from './open-server.ts';
import { ownFigures } from './own-figures.ts';
import { engines, type FreshStore } from './stores.ts';

const now = '2027-03-31T10:42:00.000Z';
const earlier = '2027-03-31T09:10:00.000Z';

// Only this engine lets several processes share a store.
describe('two servers on one PostgreSQL', () => {
  let store: FreshStore;
  let first: OpenServer;
  let second: OpenServer;
  const { newCustomer, figures } = ownFigures(() => second);

  beforeAll(async () => {
    const postgres = engines.find(({ engine }) => engine === 'postgres');
    if (postgres === undefined) throw new Error('There is no PostgreSQL among the engines.');
    store = await postgres.fresh();
    const shared = () => Promise.resolve({ store: store.store, remove: () => Promise.resolve() });
    first = await openServer(shared, { now });
    second = await openServer(shared, { now });
  });
  afterAll(async () => {
    await Promise.all([first?.close(), second?.close()]);
    await store?.remove();
  });

  test('count once what reaches both at the same time', async () => {
    const customerId = newCustomer();
    const batch = Array.from({ length: 100 }, () => callAt(earlier, { customerId }));
    const sent = [first, second, first, second].map((server) => server.send(batch, first.ingestKey));
    const answers = await Promise.all(sent);
    expect(answers.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(100);
    expect(await figures(customerId)).toMatchObject({ calls: 100, total_tokens: 12_000, cost: '0.0027' });
  });

  test('count one response once, whichever of them sees it', async () => {
    const customerId = newCustomer();
    const responseId = `resp-${customerId}`;
    const sightings = Array.from({ length: 10 }, () => callAt(earlier, { customerId, responseId }));
    await Promise.all(
      sightings.map((event, index) => (index % 2 === 0 ? first : second).send([event], first.ingestKey)),
    );
    expect(await figures(customerId)).toMatchObject({ calls: 1, total_tokens: 120 });
  });

  test('know a price at once that was told to the other', async () => {
    const customerId = newCustomer();
    for (const [amount, cost] of [
      ['1', '0.00012'],
      ['2', '0.00024'],
    ] as const) {
      const rates = ['input', 'output'].map((bucket) => ({ bucket, amount }));
      const prices = [{ provider: 'openai', model: 'shared-model', rates }];
      const put = await first.ask('PUT /v1/prices', { as: 'operator', body: { prices } });
      expect(put.status, put.text).toBe(200);
      const event = callAt(earlier, { customerId, requestModel: 'shared-model' });
      await second.send([event], first.ingestKey);
      const call = await second.ask<CallAnswer>(`GET /v1/calls/${event.id}`, { as: 'operator' });
      expect(call.body.cost.effective?.amount).toBe(cost);
    }
    expect(await figures(customerId)).toMatchObject({ calls: 2, cost: '0.00036', pending_calls: 0 });
  });

  test('leave no call waiting while a price is told to one and calls come to the other', async () => {
    const customerId = newCustomer();
    const rates = ['input', 'output'].map((bucket) => ({ bucket, amount: '1' }));
    const prices = [{ provider: 'openai', model: 'raced-model', rates }];
    const batch = () =>
      Array.from({ length: 20 }, () => callAt(earlier, { customerId, requestModel: 'raced-model' }));
    await Promise.all([
      ...Array.from({ length: 5 }, () => second.send(batch(), first.ingestKey)),
      first.ask('PUT /v1/prices', { as: 'operator', body: { prices } }),
      ...Array.from({ length: 5 }, () => second.send(batch(), first.ingestKey)),
    ]);
    expect(await figures(customerId)).toMatchObject({ calls: 200, cost: '0.024', pending_calls: 0 });
  });

  test('share keys, and a key that one revokes ends at the other', async () => {
    const { key, secret } = await first.key({ name: 'shared' });
    await second.send([callAt(earlier)], secret);
    await first.ask(`DELETE /v1/keys/${key.id}`, { as: 'operator' });
    const body = { protocol: 1, sentAt: now, events: [] };
    expect((await second.ask('POST /v1/events', { token: secret, body })).status).toBe(401);
  });

  test('share names', async () => {
    const customerId = newCustomer();
    await second.send([callAt(earlier, { customerId, flow: 'f-shared' })], first.ingestKey);
    await second.caughtUp();
    for (const name of ['Shared', 'Shared anew']) {
      const flows: readonly LedgerFlow[] = [{ id: 'f-shared', name }];
      await first.ask('PUT /v1/ledger/flows', { as: 'operator', body: { flows } });
      const chart = await second.insight('usage-over-time', { groupBy: 'flow', asCustomer: customerId });
      expect(chart.series.map(({ label }) => label)).toEqual([name]);
    }
  });

  test('sum once, although both follow the log', async () => {
    const customerId = newCustomer();
    const sent = Array.from({ length: 12 }, (_, index) =>
      (index % 2 === 0 ? first : second).send(
        Array.from({ length: 50 }, () => callAt(earlier, { customerId })),
        first.ingestKey,
      ),
    );
    await Promise.all([...sent, first.caughtUp(), second.caughtUp(), first.caughtUp()]);
    await Promise.all([first.caughtUp(), second.caughtUp()]);
    const sums = await Promise.all(
      [first, second].map((server) => server.rows({ measures: ['calls', 'cost'], asCustomer: customerId })),
    );
    expect(sums).toEqual([[{ calls: 600, cost: '0.0162' }], [{ calls: 600, cost: '0.0162' }]]);
  });
});
