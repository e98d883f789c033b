import {
  budgetAnswerSchema,
  budgetCheckAnswerSchema,
  budgetsAnswerSchema,
  type Problem,
  type PutAnswer,
} from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import type { PrincipalClaim } from '../access/principal.ts';
import { cap, openBudgets, operator } from '../testing/open-budgets.ts';

const admin: PrincipalClaim = { subject: 'ada', role: 'customer_admin', customerId: 'acme' };
const canManage = { roles: { customer_admin: ['analytics.view', 'budgets.manage'] } } as const;

describe('a budget', () => {
  it('lets calls pass until it is spent, and again when it is raised', async () => {
    const { put, spend, check } = openBudgets();
    expect((await put('cap')).status).toBe(200);
    expect((await check({ customerId: 'acme' })).body.decision).toBe('allow');
    await spend();
    expect((await check({ customerId: 'acme' })).body.decision).toBe('allow');
    await spend();
    await spend();
    const { body } = await check({ customerId: 'acme' });
    expect(budgetCheckAnswerSchema.parse(body)).toMatchObject({
      decision: 'block',
      budgets: [{ id: 'cap', decision: 'block', state: 'over', resetsAt: '2026-12-01T00:00:00.000Z' }],
    });
    expect((await check({ customerId: 'rival' })).body).toMatchObject({ decision: 'allow', budgets: [] });
    expect((await check({})).body.decision).toBe('allow');
    await put('cap', { ...cap, limit: { unit: 'money', amount: '1', currency: 'USD' } });
    expect((await check({ customerId: 'acme' })).body.decision).toBe('allow');
  });

  it('tells exactly what is spent, reserved and left, and which levels were passed', async () => {
    const { put, spend, reserve, get } = openBudgets({ organization: { timeZone: 'Europe/Berlin' } });
    await put('cap', { ...cap, name: 'A cap', warnAt: [0.8, 0.4, 0.4] });
    await spend();
    await reserve({ estimate: { amount: '0.000100000001', currency: 'USD' } });
    const { body } = await get('cap');
    expect(budgetAnswerSchema.parse(body)).toMatchObject({
      budget: {
        ...{ id: 'cap', name: 'A cap', owner: 'organization', editable: true, amountKind: 'charge' },
        ...{ warnAt: [0.4, 0.8], throttle: null, createdAt: '2026-11-20T10:42:00.000Z' },
      },
      status: {
        state: 'warned',
        spent: { unit: 'money', amount: '0.00045', currency: 'USD' },
        reserved: { amount: '0.000100000001' },
        remaining: { amount: '0.000449999999' },
        fraction: 0.45,
        calls: 1,
        pending: { calls: 0, tokens: null },
        window: {
          from: '2026-10-31T23:00:00.000Z',
          to: '2026-11-30T23:00:00.000Z',
          timeZone: 'Europe/Berlin',
        },
        resetsAt: '2026-11-30T23:00:00.000Z',
        crossings: [{ level: 0.4, at: '2026-11-20T10:42:00.000Z' }],
      },
      scope: { visibility: 'operator' },
      freshness: { cadence: 'live', engine: 'reference' },
    });
  });

  it('says that what was spent is not known while calls wait for a price', async () => {
    const { put, spend, get, check } = openBudgets();
    await put('cap');
    await put('tokens', { ...cap, limit: { unit: 'tokens', amount: 1500 } });
    await spend({ requestModel: 'a model without a price' });
    expect((await get('cap')).body).toMatchObject({
      status: {
        ...{ state: 'inside', fraction: null, calls: 1, pending: { calls: 1, tokens: 1500 } },
        spent: { amount: null },
        remaining: { amount: '0.001' },
      },
      freshness: { pending: { calls: 1, tokens: 1500 } },
    });
    expect((await get('tokens')).body.status).toMatchObject({
      ...{ state: 'over', fraction: 1, spent: { unit: 'tokens', amount: 1500 } },
      pending: { calls: 1, tokens: 1500 },
    });
    const { body } = await check({ customerId: 'acme' });
    expect(body.budgets.map(({ id, decision }) => [id, decision])).toEqual([
      ['cap', 'allow'],
      ['tokens', 'block'],
    ]);
  });

  it('begins anew when its window ends by the clock', async () => {
    const { put, spend, check, get, clock } = openBudgets();
    await put('cap', { ...cap, window: 'day', limit: { unit: 'tokens', amount: 10 } });
    await spend();
    expect((await check({ customerId: 'acme' })).body.decision).toBe('block');
    clock.advance(14 * 3_600_000);
    expect((await check({ customerId: 'acme' })).body.decision).toBe('allow');
    expect((await get('cap')).body.status).toMatchObject({
      ...{ calls: 0, crossings: [], spent: { amount: 0 } },
      window: { from: '2026-11-21T00:00:00.000Z', to: '2026-11-22T00:00:00.000Z' },
    });
  });

  it('of a key counts what came with that key', async () => {
    const { put, spend, check, key, ask } = openBudgets();
    const [one, two] = [
      await key({ kind: 'ingest', name: 'one' }),
      await key({ kind: 'ingest', name: 'two' }),
    ];
    const { body: listed } = await ask<{ keys: { id: string; name: string }[] }>('GET /v1/keys', {
      as: operator,
    });
    const keyId = listed.keys.find(({ name }) => name === 'one')?.id;
    expect((await put('key', { ...cap, scope: { keyId } })).body.budget.amountKind).toBe('effective');
    await spend({}, two);
    await spend({}, two);
    await spend({}, two);
    expect((await check({}, { token: one })).body.decision).toBe('allow');
    for (let calls = 0; calls < 3; calls += 1) await spend({ customerId: undefined }, one);
    expect((await check({}, { token: one })).body.decision).toBe('block');
    expect((await check({}, { token: two })).body.decision).toBe('allow');
    expect((await check({ keyId })).body.decision).toBe('block');
  });

  it.each([
    ['alert', 'allow', true, undefined],
    ['throttle', 'throttle', true, { callsPerMinute: 2 }],
    ['block', 'block', false, undefined],
  ] as const)('that is over and has the action %s says %s', async (action, decision, admitted, throttle) => {
    const { put, spend, check, reserve } = openBudgets();
    await put('cap', { ...cap, action, throttle, limit: { unit: 'tokens', amount: 100 } });
    await spend();
    const { body } = await check({ customerId: 'acme' });
    expect(body).toMatchObject({ decision, budgets: [{ callsPerMinute: throttle?.callsPerMinute ?? null }] });
    expect((await reserve({})).body).toMatchObject({ decision, admitted, retryAfterSeconds: null });
  });

  it('is stored once, in a batch or alone, and all of a batch or nothing', async () => {
    const { ask, list } = openBudgets();
    const putAll = (...budgets: readonly object[]) =>
      ask<PutAnswer & Problem>('PUT /v1/budgets', { as: operator, body: { budgets } });
    const rows = ['c', 'a', 'b'].map((id) => ({ ...cap, id }));
    expect((await putAll(...rows)).body).toEqual({ stored: 3, unchanged: 0 });
    expect((await putAll(...rows, { ...cap, id: 'd' })).body).toEqual({ stored: 1, unchanged: 3 });
    const wrong = await putAll({ ...cap, id: 'e' }, { ...cap, id: 'e' });
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ pointer: '/budgets/1/id' }] } });
    const { body: first } = await list('?limit=3');
    expect(budgetsAnswerSchema.parse(first).budgets.map(({ budget }) => budget.id)).toEqual(['a', 'b', 'c']);
    const { body: second } = await list(`?limit=3&cursor=${first.nextCursor ?? ''}`);
    expect(second.budgets.map(({ budget }) => budget.id)).toEqual(['d']);
    expect(second.nextCursor).toBeNull();
    expect((await list('?limit=0')).status).toBe(400);
  });

  it.each([
    ['no scope at all', { scope: {} }, '/scope'],
    ['an unknown attribute', { scope: { flow: 'f', userId: 'u' } }, '/scope/userId'],
    ['an unknown key', { scope: { keyId: 'nobody' } }, '/scope/keyId'],
    ['a float as an amount', { limit: { unit: 'money', amount: 1.5, currency: 'USD' } }, '/limit/amount'],
    ['a negative amount', { limit: { unit: 'money', amount: '-1', currency: 'USD' } }, '/limit/amount'],
    [
      'a currency that does not exist',
      { limit: { unit: 'money', amount: '1', currency: 'ZZZ' } },
      '/limit/currency',
    ],
    ['half a token', { limit: { unit: 'tokens', amount: 0.5 } }, '/limit/amount'],
    ['a unit of its own', { limit: { unit: 'calls', amount: 5 } }, '/limit/unit'],
    ['a window that is none', { window: 'year' }, '/window'],
    ['a level of nothing', { warnAt: [0] }, '/warnAt/0'],
    ['a throttle without a rate', { action: 'throttle' }, '/throttle'],
    ['a rate without a throttle', { throttle: { callsPerMinute: 1 } }, '/throttle'],
    ['anything else', { secret: 1 }, '/secret'],
  ])('is refused with %s', async (_, change, pointer) => {
    const { put } = openBudgets();
    const { status, body } = await put('cap', { ...cap, ...change });
    expect({ status, pointers: body.errors?.map((part) => part.pointer) }).toEqual({
      status: 400,
      pointers: [pointer],
    });
  });

  it.each(['-x', 'a%20b', 'a'.repeat(65), '%C3%A9'])('is refused under the id %s', async (id) => {
    expect(await openBudgets().put(id)).toMatchObject({ status: 400, body: { errors: [{ pointer: 'id' }] } });
  });

  it('is gone when it is deleted, and blocks nothing any more', async () => {
    const { ask, put, get, check } = openBudgets();
    await put('cap', { ...cap, limit: { unit: 'tokens', amount: 0 } });
    expect((await check({ customerId: 'acme' })).body.decision).toBe('block');
    const remove = () => ask('DELETE /v1/budgets/cap', { as: operator });
    expect((await remove()).status).toBe(204);
    expect(await remove()).toMatchObject({ status: 404, body: { code: 'budget_not_found' } });
    expect((await get('cap')).status).toBe(404);
    expect((await check({ customerId: 'acme' })).body.decision).toBe('allow');
  });

  it('leaves a trace in the audit trail when it is changed or refused', async () => {
    const { put, storage, ask } = openBudgets(canManage);
    await put('cap');
    await put('cap', cap, { as: admin });
    await ask('DELETE /v1/budgets/cap', { as: operator });
    const trail = await storage
      .forOrganization({ organizationId: 'default', subject: 'test' })
      .auditTrail(10);
    expect(trail.map(({ subject, action, outcome, code }) => [subject, action, outcome, code])).toEqual([
      ['ops', 'budgets.delete', 'allowed', null],
      ['ada', 'access.denied', 'denied', 'budget_not_editable'],
      ['ops', 'budgets.put', 'allowed', null],
    ]);
  });
});
