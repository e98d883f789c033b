import { describe, expect, it } from 'vitest';
import type { PrincipalClaim } from '../access/principal.ts';
import { cap, openBudgets } from '../testing/open-budgets.ts';

const admin: PrincipalClaim = { subject: 'ada', role: 'customer_admin', customerId: 'acme' };
const member: PrincipalClaim = { subject: 'bob', role: 'customer_member', customerId: 'acme' };
const rival: PrincipalClaim = { ...admin, customerId: 'rival' };
const canManage = { roles: { customer_admin: ['analytics.view', 'budgets.manage'] } } as const;

describe('an admin of a customer', () => {
  it('sees what was set over its account, without the operator’s part, and changes nothing of it', async () => {
    const { put, list, get, ask, key } = openBudgets(canManage);
    const secret = await key({ kind: 'ingest' });
    const { body: listed } = await ask<{ keys: { id: string }[] }>('GET /v1/keys', { token: await key() });
    expect(secret).toMatch(/^tk_/);
    await put('charged', { ...cap, scope: { customerId: 'acme', keyId: listed.keys[0]?.id } });
    await put('cost', { ...cap, amountKind: 'effective' });
    await put('others', { ...cap, scope: { customerId: 'rival' } });
    await put('product', { ...cap, scope: { productId: 'p' } });
    const { body } = await list('', admin);
    expect(body.budgets.map(({ budget }) => budget)).toEqual([
      expect.objectContaining({ id: 'charged', scope: { customerId: 'acme' }, editable: false }),
    ]);
    expect(JSON.stringify(body.budgets)).not.toMatch(/amountKind|keyId/);
    expect((await list('?asCustomer=acme')).body.budgets.map(({ budget }) => budget.id)).toEqual(['charged']);
    expect((await list('?customerId=acme')).body.budgets.map(({ budget }) => budget.id)).toEqual([
      'charged',
      'cost',
    ]);
    for (const id of ['cost', 'others', 'product', 'nothing']) {
      expect(await get(id, admin)).toMatchObject({ status: 404, body: { code: 'budget_not_found' } });
      expect((await ask(`DELETE /v1/budgets/${id}`, { as: admin })).status).toBe(404);
    }
    expect((await put('charged', cap, { as: admin })).body.code).toBe('budget_not_editable');
    expect((await ask('DELETE /v1/budgets/charged', { as: admin })).status).toBe(403);
    expect((await put('others', cap, { as: admin })).body.code).toBe('budget_id_taken');
  });

  it('sets budgets over its own account where the host lets it, and operators may change them', async () => {
    const { put, get, list } = openBudgets(canManage);
    const { body } = await put('own', { ...cap, scope: { flow: 'triage' } }, { as: admin });
    expect(body.budget).toMatchObject({
      ...{ owner: 'customer', editable: true, scope: { customerId: 'acme', flow: 'triage' } },
    });
    expect((await get('own', rival)).status).toBe(404);
    expect((await put('own', { ...cap, name: 'By us' })).body.budget).toMatchObject({
      ...{ owner: 'customer', name: 'By us', amountKind: 'charge' },
    });
    expect((await list('', rival)).body.budgets).toEqual([]);
  });

  it.each([
    ['another customer', { scope: { customerId: 'rival' } }, 'customer_not_allowed'],
    ['a key', { scope: { customerId: 'acme', keyId: 'k' } }, 'field_withheld'],
    ['the vendor’s cost', { amountKind: 'effective' }, 'field_withheld'],
  ])('may not set a budget over %s', async (_, change, code) => {
    expect(await openBudgets(canManage).put('own', { ...cap, ...change }, { as: admin })).toMatchObject({
      status: 403,
      body: { code },
    });
  });

  it('needs the permission', async () => {
    const { put, check } = openBudgets();
    expect((await put('own', cap, { as: admin })).body.code).toBe('permission_missing');
    expect((await check({}, { as: admin })).body.code).toBe('permission_missing');
  });

  it('checks for its own account only', async () => {
    const { put, check } = openBudgets(canManage);
    await put('cap', { ...cap, limit: { unit: 'tokens', amount: 0 } });
    await put('all', { ...cap, scope: { flow: 'f' }, limit: { unit: 'tokens', amount: 0 } });
    const { body } = await check({ flow: 'f' }, { as: admin });
    expect(body.decision).toBe('block');
    expect(body.budgets.map(({ id }) => id)).toEqual(['cap']);
    expect(body.budgets[0]?.status?.state).toBe('over');
    expect((await check({ customerId: 'rival' }, { as: admin })).body.code).toBe('customer_not_allowed');
    expect((await check({ keyId: 'k' }, { as: admin })).body.code).toBe('field_withheld');
  });
});

describe('others', () => {
  it.each([
    'GET /v1/budgets',
    'GET /v1/budgets/cap',
    'PUT /v1/budgets/cap',
    'DELETE /v1/budgets/cap',
    'POST /v1/budgets/check',
    'POST /v1/budgets/reservations',
    'DELETE /v1/budgets/reservations/x',
  ])('nobody and members are refused by %s', async (route) => {
    const { ask } = openBudgets();
    const body = route.startsWith('P') ? cap : undefined;
    expect((await ask(route, { body })).status).toBe(401);
    expect(await ask(route, { as: member, body })).toMatchObject({
      status: 403,
      body: { code: 'role_denied' },
    });
  });

  it('an ingest key learns what to do about its own calls, and no figure', async () => {
    const { put, check, key, list, ask } = openBudgets();
    await put('cap', { ...cap, limit: { unit: 'tokens', amount: 0 } });
    await put('others', { ...cap, scope: { customerId: 'rival' } });
    await put('product', { ...cap, scope: { productId: 'p' }, limit: { unit: 'tokens', amount: 0 } });
    const bound = await key({ kind: 'ingest', customerId: 'acme' });
    const free = await key({ kind: 'ingest' });
    expect((await check({}, { token: bound })).body).toMatchObject({
      ...{ decision: 'block', budgets: [{ id: 'cap', status: null }] },
    });
    expect((await check({ productId: 'p' }, { token: bound })).body.budgets.map(({ id }) => id)).toEqual([
      'cap',
    ]);
    expect((await check({ customerId: 'rival' }, { token: bound })).body.code).toBe('customer_not_allowed');
    expect((await check({ customerId: 'rival' }, { token: free })).body).toMatchObject({
      ...{ decision: 'allow', budgets: [{ id: 'others', status: null }] },
    });
    expect((await check({ keyId: 'another' }, { token: free })).body.code).toBe('key_not_allowed');
    expect((await ask('GET /v1/budgets', { token: free })).body).toMatchObject({ code: 'ingest_key_only' });
    expect((await put('x', cap, { token: free })).body.code).toBe('ingest_key_only');
    expect((await list('?customerId=acme', rival)).body.code).toBe('customer_not_allowed');
  });
});
