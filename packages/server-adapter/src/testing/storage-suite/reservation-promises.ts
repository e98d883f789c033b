import { describe, expect, it } from 'vitest';
import { uuidV7 } from '../../primitives/uuid-v7.ts';
import type { ReservationDraft } from '../../storage/contract/budget-store.ts';
import type { Storage } from '../../storage/contract/storage.ts';
import { buildCall, buildItem, pendingFor, pricedAt } from '../build-events.ts';
import { at, budget, draft, rulesAt, spendOf } from './budget-fixtures.ts';
import { newOrganization } from './suite-context.ts';

/** What reservations promise. */
export function describeReservations(storage: () => Storage): void {
  describe('reservations', () => {
    it('let a hundred callers at once take what is there, and no more', async () => {
      const { store } = await newOrganization(storage());
      await store.putBudgets([budget('cap'), budget('second', { warnAt: [] })], at);
      const outcomes = await Promise.all(
        Array.from({ length: 100 }, () => store.reserveBudgets(draft(), rulesAt(at), at)),
      );
      expect(outcomes.filter(({ status }) => status === 'held')).toHaveLength(10);
      expect(outcomes.filter(({ status }) => status === 'refused')).toHaveLength(90);
      expect(await spendOf(store, 'cap')).toMatchObject({
        ...{ reservedAmount: '1', reservedTokens: 1000, admittedLately: 10 },
      });
    });

    it('hold once under one id, and refuse another body under it', async () => {
      const { store } = await newOrganization(storage());
      await store.putBudgets([budget('cap')], at);
      const same = draft();
      const reserve = (changes: Partial<ReservationDraft>, now = at) =>
        store.reserveBudgets({ ...same, ...changes }, rulesAt(now), now);
      expect(await reserve({})).toMatchObject({ status: 'held', liftsAt: at + 120_000 });
      expect(await reserve({ liftsAt: at + 500_000 })).toMatchObject({
        status: 'known',
        liftsAt: at + 120_000,
      });
      expect(await reserve({ body: 'other' })).toMatchObject({ status: 'conflict' });
      expect((await spendOf(store, 'cap')).reservedAmount).toBe('0.1');
    });

    it('stop counting by the clock', async () => {
      const { store } = await newOrganization(storage());
      await store.putBudgets([budget('cap')], at);
      await store.reserveBudgets(draft(), rulesAt(at), at);
      expect((await spendOf(store, 'cap', at + 119_999)).reservedAmount).toBe('0.1');
      expect(await spendOf(store, 'cap', at + 120_000)).toMatchObject({
        ...{ reservedAmount: '0', reservedTokens: 0, admittedLately: 0 },
      });
    });

    it('lift at once when they are given back, and only for their own customer', async () => {
      const { store } = await newOrganization(storage());
      await store.putBudgets([budget('cap')], at);
      const held = draft();
      await store.reserveBudgets(held, rulesAt(at), at);
      const release = (customerId: string | null) =>
        store.releaseBudgets({ id: held.id, customerId, eventId: null, liftsAt: at });
      expect(await release('c2')).toBe(false);
      expect((await spendOf(store, 'cap')).reservedAmount).toBe('0.1');
      expect(await release('c1')).toBe(true);
      expect((await spendOf(store, 'cap')).reservedAmount).toBe('0');
      expect(await release(null)).toBe(true);
      expect(
        await store.releaseBudgets({ id: uuidV7(at), customerId: null, eventId: null, liftsAt: at }),
      ).toBe(false);
    });

    it('turn into spend when the event is in, with neither a gap nor a double count', async () => {
      const organization = await newOrganization(storage());
      const { store } = organization;
      await store.putBudgets([budget('cap')], at);
      const held = draft();
      const call = buildCall({ customerId: 'c1', at: at - 1000 });
      await store.reserveBudgets(held, rulesAt(at), at);
      await store.releaseBudgets({ id: held.id, customerId: null, eventId: call.id, liftsAt: at + 60_000 });
      expect(await spendOf(store, 'cap')).toMatchObject({ amount: null, reservedAmount: '0.1' });
      await organization.append(buildItem(call, { cost: pricedAt('0.07') }));
      expect(await spendOf(store, 'cap')).toMatchObject({ amount: '0.07', reservedAmount: '0' });
      const byId = buildCall({ customerId: 'c1', at: at - 500 });
      await store.reserveBudgets(draft({ id: byId.id }), rulesAt(at), at);
      await organization.append(buildItem(byId, { cost: pricedAt('0.01') }));
      expect(await spendOf(store, 'cap')).toMatchObject({ amount: '0.08', reservedAmount: '0' });
    });

    it('never count for less than was admitted while events arrive at the same time', async () => {
      const organization = await newOrganization(storage());
      const { store } = organization;
      await store.putBudgets([budget('cap')], at);
      const calls = Array.from({ length: 10 }, (_, index) =>
        buildCall({ customerId: 'c1', at: at - 1000 + index }),
      );
      for (const { id } of calls) await store.reserveBudgets(draft({ id }), rulesAt(at), at);
      let isDone = false;
      const arriving = (async () => {
        for (const call of calls) await organization.append(buildItem(call, { cost: pricedAt('0.1') }));
        isDone = true;
      })();
      const least: number[] = [];
      while (!isDone) {
        const { amount, reservedAmount } = await spendOf(store, 'cap');
        least.push(Math.round((Number(amount ?? '0') + Number(reservedAmount)) * 10));
      }
      await arriving;
      expect(least.filter((tenths) => tenths < 10)).toEqual([]);
      expect(await spendOf(store, 'cap')).toMatchObject({ amount: '1', reservedAmount: '0' });
    });

    it('of money outlast an event without a cost; those of tokens do not', async () => {
      const organization = await newOrganization(storage());
      const { store } = organization;
      await store.putBudgets(
        [budget('money'), budget('tokens', { limit: { unit: 'tokens', amount: 900 } })],
        at,
      );
      const call = buildCall({ customerId: 'c1', at: at - 1000 });
      await store.reserveBudgets(draft({ id: call.id }), rulesAt(at), at);
      await organization.append(buildItem(call, { cost: pendingFor('no_price') }));
      expect((await spendOf(store, 'money')).reservedAmount).toBe('0.1');
      expect(await spendOf(store, 'tokens')).toMatchObject({ reservedTokens: 0, tokens: 120 });
    });

    it('wait for the last attempt of a call', async () => {
      const organization = await newOrganization(storage());
      const { store } = organization;
      await store.putBudgets([budget('cap')], at);
      const first = buildCall({ customerId: 'c1', at: at - 1000, final: false, status: 'error' });
      const last = buildCall({ customerId: 'c1', at: at - 500, callId: first.callId, attempt: 2 });
      await store.reserveBudgets(draft({ id: first.id }), rulesAt(at), at);
      await organization.append(buildItem(first, { cost: pricedAt('0') }));
      expect(await spendOf(store, 'cap')).toMatchObject({ amount: '0', reservedAmount: '0.1' });
      await organization.append(buildItem(last, { cost: pricedAt('0.05') }));
      expect(await spendOf(store, 'cap')).toMatchObject({ amount: '0.05', reservedAmount: '0' });
    });

    it('are known again after they have lifted as new ones', async () => {
      const { store } = await newOrganization(storage());
      await store.putBudgets([budget('cap')], at);
      const held = draft();
      await store.reserveBudgets(held, rulesAt(at), at);
      const later = at + 121_000;
      const again = await store.reserveBudgets({ ...held, liftsAt: later + 5000 }, rulesAt(later), later);
      expect(again).toMatchObject({ status: 'held', liftsAt: later + 5000 });
      expect((await spendOf(store, 'cap', later)).reservedAmount).toBe('0.1');
    });
  });
}
