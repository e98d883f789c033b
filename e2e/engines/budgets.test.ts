import {
  budgetStatusSchema,
  type BudgetAnswer,
  type BudgetBody,
  type BudgetCheckAnswer,
  type BudgetReservationAnswer,
} from '@tallykit/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callAt, idAt } from './build-events.ts';
import { expectProblem, openServer, type OpenServer } from './open-server.ts';
import { engines, type FreshStore } from './stores.ts';

const now = '2027-03-27T22:30:00.000Z';

const capOf = (customerId: string, amount: string): BudgetBody => ({
  scope: { customerId },
  limit: { unit: 'money', amount, currency: 'USD' },
  window: 'day',
  action: 'block',
});

/** A server as a host's operator and its tracker use it. */
function usesOf(server: () => OpenServer, key: () => string = () => server().ingestKey) {
  return {
    async put(id: string, body: BudgetBody) {
      const answer = await server().ask<BudgetAnswer>(`PUT /v1/budgets/${id}`, { as: 'operator', body });
      expect(answer.status, answer.text).toBe(200);
      return answer.body;
    },
    async statusOf(id: string) {
      const answer = await server().ask<BudgetAnswer>(`GET /v1/budgets/${id}`, { as: 'operator' });
      expect(answer.status, answer.text).toBe(200);
      return answer.body.status;
    },
    async check(scope: object) {
      const answer = await server().ask<BudgetCheckAnswer>('POST /v1/budgets/check', {
        token: key(),
        body: { scope },
      });
      expect(answer.status, answer.text).toBe(200);
      return answer.body;
    },
    async reserve(customerId: string, amount: string, id = idAt(now)) {
      const body = { id, scope: { customerId }, estimate: { amount, currency: 'USD' } };
      const answer = await server().ask<BudgetReservationAnswer>('POST /v1/budgets/reservations', {
        token: key(),
        body,
      });
      expect(answer.status, answer.text).toBe(200);
      return answer.body;
    },
  };
}

describe.each(engines)('budgets on $engine', ({ fresh }) => {
  let store: FreshStore;
  let server: OpenServer;
  let ingestKey: string;
  // The server is started again below, on the same data.
  const start = (at: string) =>
    openServer(() => Promise.resolve({ store: store.store, remove: () => Promise.resolve() }), {
      now: at,
      flags: ['--time-zone', 'Europe/Berlin'],
    });
  const { put, statusOf, check, reserve } = usesOf(
    () => server,
    () => ingestKey,
  );

  beforeAll(async () => {
    store = await fresh();
    server = await start(now);
    ({ ingestKey } = server);
  });
  afterAll(async () => {
    await server?.close();
    await store?.remove();
  });

  it('let calls pass until they are spent, and again when they are raised', async () => {
    await put('cap', capOf('cus_cap', '0.0001'));
    expect((await check({ customerId: 'cus_cap' })).decision).toBe('allow');
    await server.send(Array.from({ length: 3 }, () => callAt(now, { customerId: 'cus_cap' })));
    expect((await check({ customerId: 'cus_cap' })).decision).toBe('allow');
    await server.send([callAt(now, { customerId: 'cus_cap' })]);
    expect(await check({ customerId: 'cus_cap' })).toMatchObject({
      ...{ decision: 'block', budgets: [{ id: 'cap', state: 'over', status: null }] },
    });
    expect(await statusOf('cap')).toMatchObject({
      ...{
        state: 'over',
        calls: 4,
        fraction: 1.08,
        spent: { amount: '0.000108' },
        remaining: { amount: '0' },
      },
      crossings: [{ level: 0.8 }, { level: 1 }],
    });
    await put('cap', capOf('cus_cap', '0.001'));
    expect((await check({ customerId: 'cus_cap' })).decision).toBe('allow');
  });

  it('let a hundred reservations at once take what is there, and no more', async () => {
    await put('race', capOf('cus_race', '1'));
    const answers = await Promise.all(Array.from({ length: 100 }, () => reserve('cus_race', '0.03')));
    expect(answers.filter(({ admitted }) => admitted)).toHaveLength(33);
    expect(answers.filter(({ decision }) => decision === 'block')).toHaveLength(67);
    expect(await statusOf('race')).toMatchObject({
      reserved: { amount: '0.99' },
      remaining: { amount: '0.01' },
    });
  });

  it('admit no more while events of other calls arrive at the same time', async () => {
    await put('busy', capOf('cus_busy', '0.0027'));
    const [answers] = await Promise.all([
      Promise.all(Array.from({ length: 60 }, () => reserve('cus_busy', '0.0001'))),
      ...Array.from({ length: 10 }, () =>
        server.send(Array.from({ length: 5 }, () => callAt(now, { customerId: 'cus_busy' }))),
      ),
    ]);
    const admitted = answers.filter((answer) => answer.admitted).length;
    expect(admitted).toBeLessThanOrEqual(27);
    const { spent, reserved } = await statusOf('busy');
    expect(spent.amount).toBe('0.00135');
    expect(reserved.amount).toBe(`0.00${String(admitted).padStart(2, '0')}`.replace(/0+$/, ''));
  });

  it('keep what is reserved when the server is started again', async () => {
    await put('kept', capOf('cus_kept', '1'));
    const { reservation, admitted } = await reserve('cus_kept', '0.9');
    expect(admitted).toBe(true);
    await server.close();
    server = await start('2027-03-27T22:31:00.000Z');
    expect((await reserve('cus_kept', '0.2')).admitted).toBe(false);
    const release = await server.ask(`DELETE /v1/budgets/reservations/${reservation?.id ?? ''}`, {
      token: ingestKey,
    });
    expect(release.status).toBe(204);
    expect((await reserve('cus_kept', '0.2')).admitted).toBe(true);
  });

  it('keep the levels that were passed, and when that was noticed, when the server is started again', async () => {
    await put('noted', capOf('cus_noted', '0.00003'));
    await server.send([callAt(now, { customerId: 'cus_noted' })], ingestKey);
    const before = await statusOf('noted');
    expect(before.crossings).toEqual([{ level: 0.8, at: expect.any(String) }]);
    await server.close();
    server = await start('2027-03-27T22:40:00.000Z');
    expect((await statusOf('noted')).crossings).toEqual(before.crossings);
    await server.send([callAt(now, { customerId: 'cus_noted' })], ingestKey);
    const after = await statusOf('noted');
    expect(after.crossings).toEqual([...before.crossings, { level: 1, at: expect.any(String) }]);
    expect(after.crossings[1]?.at).toMatch(/^2027-03-27T22:40/);
    await server.moveClock(now);
  });

  it('are unknown under every id that no budget can have', async () => {
    for (const id of ['%00', 'a%00', '%F0%9F', '..%2Fcap', '__proto__', 'x'.repeat(2000)]) {
      for (const method of ['GET', 'DELETE']) {
        const answer = await server.ask(`${method} /v1/budgets/${id}`, { as: 'operator' });
        expectProblem(answer, 404, 'budget_not_found');
      }
    }
    const listed = await server.ask('GET /v1/budgets?cursor=%00', { as: 'operator' });
    expectProblem(listed, 400, 'invalid_request');
  });

  it('are still told in figures that can be read when senseless estimates pile up', async () => {
    const body = { ...capOf('cus_pile', '1'), action: 'alert' } as const;
    await put('pile', body);
    await put('pile-tokens', { ...body, limit: { unit: 'tokens', amount: 1 } });
    const estimate = { amount: '9'.repeat(26), currency: 'USD', tokens: Number.MAX_SAFE_INTEGER };
    for (let count = 0; count < 3; count++) {
      const asked = { id: idAt(now), scope: { customerId: 'cus_pile' }, estimate };
      await server.ask('POST /v1/budgets/reservations', { token: ingestKey, body: asked });
    }
    for (const id of ['pile', 'pile-tokens']) {
      expect(budgetStatusSchema.parse(await statusOf(id)).state).toBe('inside');
    }
  });

  it('begin anew with the day of the organization, also where it is short', async () => {
    await put('short', { ...capOf('cus_short', '0.00001'), scope: { customerId: 'cus_short', flow: 'f' } });
    await server.send([callAt(now, { customerId: 'cus_short', flow: 'f' })], ingestKey);
    const call = { customerId: 'cus_short', flow: 'f' };
    expect((await check(call)).decision).toBe('block');
    expect((await check({ ...call, flow: 'other' })).decision).toBe('allow');
    // Clocks go forward on the 28th.
    await server.moveClock('2027-03-27T23:00:00.000Z');
    expect((await check(call)).decision).toBe('allow');
    expect((await statusOf('short')).window).toEqual({
      from: '2027-03-27T23:00:00.000Z',
      to: '2027-03-28T22:00:00.000Z',
      timeZone: 'Europe/Berlin',
    });
    await server.moveClock(now);
    expect((await check(call)).decision).toBe('block');
  });
});

// Only this engine lets several processes share a store.
describe('budgets of two servers on one PostgreSQL', () => {
  let store: FreshStore;
  let servers: readonly [OpenServer, OpenServer];

  beforeAll(async () => {
    const postgres = engines.find(({ engine }) => engine === 'postgres');
    if (postgres === undefined) throw new Error('There is no PostgreSQL among the engines.');
    store = await postgres.fresh();
    const shared = () => Promise.resolve({ store: store.store, remove: () => Promise.resolve() });
    servers = [await openServer(shared, { now }), await openServer(shared, { now })];
  });
  afterAll(async () => {
    await Promise.all((servers ?? []).map((server) => server.close()));
    await store?.remove();
  });

  it('are not exceeded by a hundred reservations at both at once', async () => {
    const [first, second] = servers;
    const uses = [first, second].map((server) =>
      usesOf(
        () => server,
        () => first.ingestKey,
      ),
    );
    await uses[0]?.put('race', capOf('cus_race', '1'));
    await uses[0]?.put('twice', { ...capOf('cus_race', '5'), action: 'alert' });
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => uses[index % 2]?.reserve('cus_race', '0.07')),
    );
    expect(answers.filter((answer) => answer?.admitted)).toHaveLength(14);
    for (const { statusOf } of uses) {
      expect((await statusOf('race')).reserved.amount).toBe('0.98');
      expect((await statusOf('twice')).reserved.amount).toBe('0.98');
    }
  });

  it('know at the one what was spent at the other', async () => {
    const [first, second] = servers;
    const uses = usesOf(
      () => second,
      () => first.ingestKey,
    );
    await usesOf(() => first).put('shared', capOf('cus_shared', '0.00002'));
    await first.send([callAt(now, { customerId: 'cus_shared' })]);
    expect((await uses.check({ customerId: 'cus_shared' })).decision).toBe('block');
  });
});
