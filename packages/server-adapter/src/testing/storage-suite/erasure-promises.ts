import { describe, expect, it } from 'vitest';
import type { Storage } from '../../storage/contract/storage.ts';
import { buildCall, buildItem, pendingFor } from '../build-events.ts';
import { newOrganization, november, type TestOrganization } from './suite-context.ts';

const at = Date.UTC(2026, 10, 20, 10);

const personal = (changes: Parameters<typeof buildCall>[0] = {}) =>
  buildCall({
    customerId: 'gone',
    userId: 'adele',
    conversationId: 'talk',
    messageId: 'hello',
    workspaceId: 'desk',
    tags: { mail: 'adele@example.com', odd: 'nul \u0000 and half \ud800' },
    ...changes,
  });

const measures = [
  'calls',
  'total_tokens',
  'pending_calls',
  'list_amount',
  'messages',
  'conversations',
  'conversation_tokens',
] as const;

async function totals(organization: TestOrganization) {
  const dimensions = ['currency'] as const;
  const { messages, conversations } =
    (await organization.usage({ source: 'day_customer', measures: ['messages', 'conversations'] }))[0] ?? {};
  const raw = await organization.usage({ dimensions, measures });
  return { messages, conversations, raw };
}

/** What erasing a customer promises: the person goes, the money stays. */
export function describeErasure(storage: () => Storage): void {
  describe('erasure', () => {
    it('removes every personal id and leaves every sum as it was', async () => {
      const organization = await newOrganization(storage());
      const call = personal();
      await organization.append(
        buildItem(call),
        buildItem(personal({ userId: 'bob', messageId: 'bye' }), { cost: pendingFor('no_price') }),
        buildItem(buildCall({ customerId: 'stays', userId: 'eve', conversationId: 'other' })),
      );
      await organization.store.putCustomers(
        [
          { id: 'gone', name: 'Ada Ltd' },
          { id: 'child', name: 'C', parentCustomerId: 'gone' },
        ],
        at,
      );
      await organization.store.putInvoices(
        [
          {
            id: 'i',
            customerId: 'gone',
            status: 'posted',
            currency: 'USD',
            totalExclTax: 5,
            totalInclTax: 6,
            issueDate: '2026-11-20',
          },
        ],
        at,
      );
      await organization.catchUp();
      const before = await totals(organization);

      expect(await organization.store.eraseCustomer('gone', at)).toMatchObject({ events: 2 });
      await organization.catchUp();

      expect(await totals(organization)).toEqual(before);
      expect(await organization.store.checkRollups(november)).toEqual([]);
      const [record] = await organization.read({ kind: 'call', id: call.id });
      const text = JSON.stringify(record);
      for (const trace of ['adele', 'talk', 'hello', 'desk', 'example.com', 'gone'])
        expect(text).not.toContain(trace);
      const customers = await organization.read({ kind: 'customers', limit: 10 });
      const pseudonym = record?.event.customerId ?? '';
      expect(customers.map(({ id }) => id).sort()).toEqual(['child', 'stays', pseudonym].sort());
      expect(customers.find(({ id }) => id === 'child')?.parentCustomerId).toBe(pseudonym);
      expect(
        await organization.usage({ source: 'day_customer_user', dimensions: ['customer', 'user'] }),
      ).toEqual(
        [
          { customer: pseudonym, user: null, calls: 2 },
          { customer: 'stays', user: 'eve', calls: 1 },
        ].sort((a, b) => (a.customer < b.customer ? -1 : 1)),
      );
      expect(await organization.usage({}, organization.of('gone'))).toEqual([{ calls: 0 }]);
      expect(await organization.usage({ source: 'day_customer' }, organization.of(pseudonym))).toEqual([
        { calls: 2 },
      ]);
      const invoices = {
        kind: 'invoices',
        fromDay: '2026-11-01',
        toDay: '2026-12-01',
        customerId: pseudonym,
      } as const;
      expect(await organization.read(invoices)).toMatchObject([{ invoices: 1 }]);
      const pending = { kind: 'pending', range: november, filters: [] } as const;
      expect(await organization.read(pending, organization.of(pseudonym))).toMatchObject([{ calls: 1 }]);
    });

    it('forgets what came before it in the log, summed or not, and nothing after', async () => {
      const organization = await newOrganization(storage());
      await organization.append(buildItem(personal()));
      await organization.store.eraseCustomer('gone', at);
      const later = personal();
      await organization.append(buildItem(later));
      await organization.catchUp();
      expect(await organization.usage({ source: 'day_customer' }, organization.of('gone'))).toEqual([
        { calls: 1 },
      ]);
      expect(await organization.usage({ source: 'day_customer' })).toEqual([{ calls: 2 }]);
      const [record] = await organization.read({ kind: 'call', id: later.id });
      expect(record?.event).toEqual(later);
      expect(await organization.store.checkRollups(november)).toEqual([]);
    });

    it('is carried out by a rebuild as well', async () => {
      const organization = await newOrganization(storage());
      const call = personal();
      await organization.append(buildItem(call));
      await organization.store.eraseCustomer('gone', at);
      await organization.store.rebuildRollups();
      expect(await organization.usage({}, organization.of('gone'))).toEqual([{ calls: 0 }]);
      expect(await organization.usage({ source: 'day_customer_model' })).toEqual([{ calls: 1 }]);
    });

    it('still knows an erased event when it is sent again', async () => {
      const organization = await newOrganization(storage());
      const item = buildItem(personal());
      await organization.append(item);
      await organization.store.eraseCustomer('gone', at);
      await organization.catchUp();
      expect(await organization.append(item)).toMatchObject({ outcomes: [{ outcome: 'duplicate' }] });
      expect((await organization.read({ kind: 'customers', limit: 5 })).map(({ id }) => id)).not.toContain(
        'gone',
      );
    });

    it('knows no customer that was never there', async () => {
      const organization = await newOrganization(storage());
      expect(await organization.store.eraseCustomer('nobody', at)).toBeNull();
    });
  });
}
