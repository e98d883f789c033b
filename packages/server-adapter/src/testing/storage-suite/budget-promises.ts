import { describe, expect, it } from 'vitest';
import type { BudgetAttributes, BudgetRecord } from '../../storage/contract/budget-store.ts';
import type { Storage } from '../../storage/contract/storage.ts';
import { buildCall, buildItem, pendingFor, pricedAt } from '../build-events.ts';
import {
  anybody,
  at,
  budget,
  dayMs,
  draft,
  everything,
  ofC1,
  read,
  rulesAt,
  spendOf,
} from './budget-fixtures.ts';
import { newOrganization } from './suite-context.ts';

/** What budgets promise. */
export function describeBudgets(storage: () => Storage): void {
  describe('budgets', () => {
    it('stores a budget once, says what is unchanged, and forgets it with all that is held under it', async () => {
      const { store } = await newOrganization(storage());
      const kept = budget('cap', {
        name: 'Cap "é"',
        scope: { customerId: 'c1', productId: 'p', flow: 'f', keyId: 'k' },
        limit: { unit: 'money', amount: '12345678901234567890.123456789012', currency: 'EUR' },
        window: 'month',
        action: 'throttle',
        warnAt: [0.5, 0.8, 1],
        callsPerMinute: 6,
        owner: 'customer',
      });
      const tokens = budget('a', { limit: { unit: 'tokens', amount: Number.MAX_SAFE_INTEGER } });
      expect(await store.putBudgets([kept, tokens], at)).toEqual({ stored: 2, unchanged: 0 });
      expect(await store.putBudgets([kept, { ...tokens, name: 'A' }], at + 1)).toEqual({
        stored: 1,
        unchanged: 1,
      });
      expect(await store.budgetsById(['cap', 'a', 'nothing'])).toEqual([
        { ...tokens, name: 'A', createdAt: at, updatedAt: at + 1 },
        { ...kept, createdAt: at, updatedAt: at },
      ]);
      await store.reserveBudgets(
        draft({ attributes: kept.scope, decide: () => [{ budgetId: 'cap', amount: '1', tokens: 1 }] }),
        rulesAt(at),
        at,
      );
      expect(await store.deleteBudget('cap')).toBe(true);
      expect(await store.deleteBudget('cap')).toBe(false);
      expect((await read(store)).map((reading) => reading.budget.id)).toEqual(['a']);
    });

    it('counts calls that meet every attribute, up to the head of the log', async () => {
      const organization = await newOrganization(storage());
      const { store } = organization;
      const scopes = {
        customer: ofC1,
        product: { ...anybody, productId: 'p' },
        flow: { ...anybody, flow: 'f' },
        key: { ...anybody, keyId: 'k1' },
        both: { ...ofC1, flow: 'f' },
      };
      await store.putBudgets(
        Object.entries(scopes).map(([id, scope]) => budget(id, { scope })),
        at,
      );
      const amounts = async () =>
        Object.fromEntries((await read(store)).map(({ budget: { id }, spend }) => [id, spend.amount]));
      expect(await amounts()).toEqual({ both: null, customer: null, flow: null, key: null, product: null });
      const item = (fields: Parameters<typeof buildCall>[0], amount: string, keyId: string | null = null) =>
        buildItem(buildCall(fields), { cost: pricedAt(amount), keyId });
      await organization.append(
        item({ customerId: 'c1', flow: 'f' }, '0.000000000001', 'k1'),
        item({ customerId: 'c1', productId: 'p' }, '0.1'),
      );
      await amounts();
      await organization.append(
        item({ customerId: 'c2', flow: 'f' }, '0.2', 'k2'),
        item({ flow: 'other' }, '0.4', 'k1'),
      );
      const counted = {
        both: '0.000000000001',
        customer: '0.100000000001',
        flow: '0.200000000001',
        key: '0.400000000001',
        product: '0.1',
      };
      expect(await amounts()).toEqual(counted);
      expect(await amounts()).toEqual(counted);
      // A budget that comes later counts the window from its beginning.
      await store.putBudgets([budget('later', { scope: scopes.customer })], at);
      expect((await spendOf(store, 'later')).amount).toBe(counted.customer);
    });

    it('finds the budgets that a call falls under', async () => {
      const { store } = await newOrganization(storage());
      const scopes = [ofC1, { ...anybody, flow: 'f' }, { ...ofC1, flow: 'f' }, { ...anybody, keyId: 'k' }];
      await store.putBudgets(
        scopes.map((scope, index) => budget(`b${index}`, { scope })),
        at,
      );
      const ids = async (attributes: Partial<BudgetAttributes>) =>
        (await read(store, { kind: 'call', attributes: { ...anybody, ...attributes } })).map(
          (reading) => reading.budget.id,
        );
      expect(await ids({})).toEqual([]);
      expect(await ids({ customerId: 'c1', flow: 'other' })).toEqual(['b0']);
      expect(await ids({ customerId: 'c1', flow: 'f', keyId: 'k' })).toEqual(['b0', 'b1', 'b2', 'b3']);
      expect(await ids({ customerId: 'c2', flow: 'f' })).toEqual(['b1']);
    });

    it('lists page by page, and for single customers only what is theirs and charged', async () => {
      const { store } = await newOrganization(storage());
      await store.putBudgets(
        [
          budget('a'),
          budget('b', { amountKind: 'effective' }),
          budget('c', { scope: { ...anybody, customerId: 'c2' } }),
          budget('d', { scope: { ...anybody, flow: 'f' } }),
          budget('e', { amountKind: 'effective', limit: { unit: 'tokens', amount: 5 } }),
        ],
        at,
      );
      const ids = async (changes: object) =>
        (await read(store, { ...everything, ...changes })).map((reading) => reading.budget.id);
      expect(await ids({ limit: 2 })).toEqual(['a', 'b']);
      expect(await ids({ limit: 2, after: 'b' })).toEqual(['c', 'd']);
      expect(await ids({ customers: ['c1'], chargedOnly: true })).toEqual(['a', 'e']);
      expect(await ids({ customers: ['c2'] })).toEqual(['c']);
      expect(await ids({ customers: [] })).toEqual([]);
    });

    it('counts the amount it is told, in its own currency, and names the others', async () => {
      const organization = await newOrganization(storage());
      const { store } = organization;
      await store.putBudgets(
        [
          budget('charge'),
          budget('effective', { amountKind: 'effective' }),
          budget('tokens', { limit: { unit: 'tokens', amount: 9 } }),
        ],
        at,
      );
      await organization.append(
        buildItem(buildCall({ customerId: 'c1' }), {
          cost: pricedAt('1', { effective: '0.5', charge: '1.5' }),
        }),
        buildItem(buildCall({ customerId: 'c1', usage: {} }), { cost: pricedAt('7', { currency: 'EUR' }) }),
      );
      expect(await spendOf(store, 'charge')).toMatchObject({
        ...{ calls: 2, tokens: 120, amount: '1.5', otherCurrencies: ['EUR'] },
      });
      expect(await spendOf(store, 'effective')).toMatchObject({ amount: '0.5' });
      expect(await spendOf(store, 'tokens')).toMatchObject({
        tokens: 120,
        amount: null,
        otherCurrencies: [],
      });
    });

    it('says what is pending and never counts it as nothing, and takes over what is settled or priced again', async () => {
      const organization = await newOrganization(storage());
      const { store } = organization;
      await store.putBudgets([budget('cap')], at);
      const waiting = buildCall({ customerId: 'c1' });
      const priced = buildCall({ customerId: 'c1' });
      await organization.append(buildItem(waiting, { cost: pendingFor('no_price') }));
      expect(await spendOf(store, 'cap')).toMatchObject({
        ...{ calls: 1, tokens: 120, amount: null, pendingCalls: 1, pendingTokens: 120 },
      });
      await organization.append(buildItem(priced, { cost: pricedAt('0.25') }));
      const { priceVersion } = await store.logHead();
      await store.reviseCosts(
        [
          { eventId: waiting.id, expected: pendingFor('no_price'), next: pricedAt('0.125') },
          { eventId: priced.id, expected: pricedAt('0.25'), next: pricedAt('0.5') },
        ],
        priceVersion,
      );
      expect(await spendOf(store, 'cap')).toMatchObject({
        ...{ calls: 2, tokens: 240, amount: '0.625', pendingCalls: 0 },
      });
    });

    it('begins anew with each window, and counts what came late where it belongs', async () => {
      const organization = await newOrganization(storage());
      const { store } = organization;
      await store.putBudgets([budget('day'), budget('ever', { window: 'total' })], at);
      const call = (day: number, amount: string) =>
        buildItem(buildCall({ at: at + day * dayMs, customerId: 'c1' }), { cost: pricedAt(amount) });
      await organization.append(call(-1, '0.1'), call(0, '0.2'));
      expect((await spendOf(store, 'day')).amount).toBe('0.2');
      expect((await spendOf(store, 'ever')).amount).toBe('0.3');
      await organization.append(call(1, '0.4'), call(0, '0.8'));
      expect((await spendOf(store, 'day')).amount).toBe('1');
      expect((await spendOf(store, 'day', at + dayMs)).amount).toBe('0.4');
      expect((await spendOf(store, 'day', at + 2 * dayMs)).calls).toBe(0);
      // A clock that is set back counts that day again.
      expect((await spendOf(store, 'day')).amount).toBe('1');
      expect((await spendOf(store, 'ever')).amount).toBe('1.5');
    });

    it('counts anew under another scope or amount, and keeps what it has under another limit', async () => {
      const organization = await newOrganization(storage());
      const { store } = organization;
      await organization.append(
        buildItem(buildCall({ customerId: 'c1' }), { cost: pricedAt('0.75') }),
        buildItem(buildCall({ customerId: 'c2' }), { cost: pricedAt('0.5', { effective: '0.25' }) }),
      );
      const ofC2 = { ...anybody, customerId: 'c2' };
      const amount = async (changes: Partial<BudgetRecord>) => {
        await store.putBudgets([budget('cap', changes)], at);
        return (await spendOf(store, 'cap')).amount;
      };
      expect(await amount({})).toBe('0.75');
      expect(await amount({ limit: { unit: 'money', amount: '9', currency: 'USD' } })).toBe('0.75');
      expect(await amount({ scope: ofC2 })).toBe('0.5');
      expect(await amount({ scope: ofC2, amountKind: 'effective' })).toBe('0.25');
      expect(
        await amount({ scope: ofC2, limit: { unit: 'money', amount: '9', currency: 'EUR' } }),
      ).toBeNull();
    });

    it('records a level once a window, and again after the limit has changed', async () => {
      const organization = await newOrganization(storage());
      const { store } = organization;
      await store.putBudgets([budget('cap')], at);
      const crossings = async (now: number) =>
        (await read(store, everything, now)).flatMap((reading) => reading.crossings);
      expect(await crossings(at)).toEqual([]);
      await organization.append(buildItem(buildCall({ customerId: 'c1' }), { cost: pricedAt('0.6') }));
      expect(await crossings(at + 1)).toEqual([{ level: 0.5, at: at + 1 }]);
      expect(await crossings(at + 2)).toEqual([{ level: 0.5, at: at + 1 }]);
      await store.putBudgets([budget('cap', { name: 'Another name' })], at);
      expect(await crossings(at + 3)).toEqual([{ level: 0.5, at: at + 1 }]);
      await store.putBudgets(
        [budget('cap', { limit: { unit: 'money', amount: '1.1', currency: 'USD' } })],
        at,
      );
      expect(await crossings(at + 4)).toEqual([{ level: 0.5, at: at + 4 }]);
      expect(await crossings(at + dayMs)).toEqual([]);
    });
  });

  it('forgets budgets over a customer that is erased', async () => {
    const organization = await newOrganization(storage());
    const { store } = organization;
    await organization.append(buildItem(buildCall({ customerId: 'c1' })));
    await store.putBudgets([budget('gone'), budget('kept', { scope: { ...anybody, flow: 'f' } })], at);
    await store.eraseCustomer('c1', at);
    await organization.catchUp();
    expect((await read(store)).map((reading) => reading.budget.id)).toEqual(['kept']);
  });

  it('forgets whose a hold was when the customer is erased, and holds on', async () => {
    const organization = await newOrganization(storage());
    const { store } = organization;
    await organization.append(buildItem(buildCall({ customerId: 'c1' })));
    await store.putBudgets([budget('kept', { scope: { ...anybody, flow: 'f' } })], at);
    const asked = draft({ attributes: { ...ofC1, flow: 'f' } });
    await store.reserveBudgets(asked, rulesAt(at), at);
    await store.eraseCustomer('c1', at);
    await organization.catchUp();
    const release = { id: asked.id, eventId: null, liftsAt: at };
    expect(await store.releaseBudgets({ ...release, customerId: 'c1' })).toBe(false);
    expect((await spendOf(store, 'kept')).reservedAmount).toBe('0.1');
    expect(await store.releaseBudgets({ ...release, customerId: null })).toBe(true);
    expect((await spendOf(store, 'kept')).reservedAmount).toBe('0');
  });

  it('counts windows that begin together as it counts each alone, whatever they are over', async () => {
    const { append, store } = await newOrganization(storage());
    const calls = Array.from({ length: 12 }, (_, index) =>
      buildItem(
        buildCall({
          customerId: `c${index % 4}`,
          ...(index % 3 === 0 ? { flow: 'f' } : {}),
          ...(index % 2 === 0 ? { productId: 'p' } : {}),
        }),
      ),
    );
    await append(...calls);
    const budgets = [
      ...[0, 1, 2, 3].map((number) =>
        budget(`c${number}`, { scope: { ...anybody, customerId: `c${number}` } }),
      ),
      budget('c0-f', { scope: { ...anybody, customerId: 'c0', flow: 'f' } }),
      budget('f', { scope: { ...anybody, flow: 'f' } }),
      budget('p', { scope: { ...anybody, productId: 'p' } }),
      budget('p-f', { scope: { ...anybody, productId: 'p', flow: 'f' } }),
      budget('for-ever', { scope: { ...anybody, productId: 'p' }, window: 'total' }),
      budget('nobody', { scope: { ...anybody, customerId: 'nobody' } }),
    ];
    await store.putBudgets(budgets, at);
    const together = (await read(store)).map(({ budget: { id }, spend }) => [id, spend.calls]);
    expect(together).toEqual([
      ...[
        ['c0', 3],
        ['c0-f', 1],
        ['c1', 3],
        ['c2', 3],
        ['c3', 3],
        ['f', 4],
        ['for-ever', 6],
      ],
      ...[
        ['nobody', 0],
        ['p', 6],
        ['p-f', 2],
      ],
    ]);
  });
}
