import type { LedgerInvoice, ProviderLine } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import type { StoredKey } from '../../storage/contract/key-store.ts';
import type { Storage } from '../../storage/contract/storage.ts';
import { buildCall, buildItem } from '../build-events.ts';
import { newOrganization } from './suite-context.ts';

const at = Date.UTC(2026, 10, 20, 10);

const invoice = (id: string, changes: Partial<LedgerInvoice> = {}): LedgerInvoice => ({
  id,
  customerId: 'c1',
  status: 'posted',
  currency: 'USD',
  totalExclTax: 1000,
  totalInclTax: 1190,
  issueDate: '2026-11-20',
  ...changes,
});

const line = (sourceId: string, changes: Partial<ProviderLine> = {}): ProviderLine => ({
  sourceId,
  provider: 'openai',
  from: '2026-11-20T00:00:00Z',
  to: '2026-11-21T00:00:00Z',
  usage: { input: 100, output: 20 },
  requests: 3,
  cost: { amount: '1.5', currency: 'USD' },
  fetchedAt: '2026-11-21T06:00:00Z',
  ...changes,
});

/** What the ledger, keys and the audit trail promise. */
export function describeLedger(storage: () => Storage): void {
  describe('ledger', () => {
    it('stores each batch once and counts what is unchanged', async () => {
      const { store } = await newOrganization(storage());
      const customers = [
        { id: 'c1', name: 'One' },
        { id: 'c2', name: 'Two', parentCustomerId: 'c1' },
      ];
      expect(await store.putCustomers(customers, at)).toEqual({ stored: 2, unchanged: 0 });
      expect(await store.putCustomers([...customers, { id: 'c1', name: 'Uno' }], at)).toEqual({
        stored: 1,
        unchanged: 2,
      });
      const flows = [{ id: 'f', name: 'Flow', steps: ['a', 'b'] }];
      expect(await store.putFlows(flows, at)).toEqual({ stored: 1, unchanged: 0 });
      expect(await store.putFlows(flows, at)).toEqual({ stored: 0, unchanged: 1 });
      const invoices = [invoice('i1', { lines: [{ id: 'l', totalExclTax: 1000, recurring: true }] })];
      expect(await store.putInvoices(invoices, at)).toEqual({ stored: 1, unchanged: 0 });
      expect(await store.putInvoices(invoices, at)).toEqual({ stored: 0, unchanged: 1 });
    });

    it('names customers and flows, and flags a customer that only events named', async () => {
      const organization = await newOrganization(storage());
      await organization.append(
        buildItem(buildCall({ customerId: 'b' })),
        buildItem(buildCall({ customerId: 'z' })),
      );
      await organization.store.putCustomers(
        [
          { id: 'z', name: 'A name' },
          { id: 'q"', name: 'é' },
        ],
        at,
      );
      await organization.store.putFlows([{ id: 'f', name: 'Flow' }], at);
      expect(await organization.read({ kind: 'customers', limit: 10 })).toEqual([
        { id: 'z', name: 'A name', stub: false, parentCustomerId: null },
        { id: 'b', name: 'b', stub: true, parentCustomerId: null },
        { id: 'q"', name: 'é', stub: false, parentCustomerId: null },
      ]);
      const names = { kind: 'names', of: 'customer', ids: ['z', 'b', 'nobody'] } as const;
      expect(await organization.read(names)).toEqual([
        { id: 'b', name: 'b' },
        { id: 'z', name: 'A name' },
      ]);
      expect(await organization.read(names, organization.of('b'))).toEqual([{ id: 'b', name: 'b' }]);
      expect(await organization.read({ kind: 'names', of: 'flow', ids: ['f', 'g'] })).toEqual([
        { id: 'f', name: 'Flow' },
      ]);
    });

    it('walks down to descendants and up to parents, and ends in a circle', async () => {
      const organization = await newOrganization(storage());
      const parents = [
        ['a', 'c'],
        ['b', 'a'],
        ['c', 'b'],
        ['d', 'b'],
        ['e', null],
      ] as const;
      const customers = parents.map(([id, parentCustomerId]) => ({ id, name: id, parentCustomerId }));
      await organization.store.putCustomers(customers, at);
      const reader = storage().forScope(organization.of('b'));
      expect(await reader.descendants('b')).toEqual(['b', 'a', 'c', 'd']);
      expect(await reader.descendants('e')).toEqual([]);
      expect(await storage().forScope(organization.everyone).descendants('e')).toEqual(['e']);
      expect(await organization.store.parentLinks(['d', 'e', 'nobody'])).toEqual([
        { id: 'a', parentCustomerId: 'c' },
        { id: 'b', parentCustomerId: 'a' },
        { id: 'c', parentCustomerId: 'b' },
        { id: 'd', parentCustomerId: 'b' },
      ]);
    });

    it('sums posted invoices by day and currency, and what changed counts anew', async () => {
      const organization = await newOrganization(storage());
      const big = Number.MAX_SAFE_INTEGER;
      await organization.store.putInvoices(
        [
          invoice('i1', { totalExclTax: big, totalInclTax: big }),
          invoice('i2', { totalExclTax: big, totalInclTax: big, customerId: 'c2' }),
          invoice('i3', { status: 'draft' }),
          invoice('i4', { currency: 'JPY', totalExclTax: -5, totalInclTax: -5 }),
          invoice('i5', { issueDate: '2026-12-01' }),
        ],
        at,
      );
      const plan = {
        kind: 'invoices',
        fromDay: '2026-11-01',
        toDay: '2026-12-01',
        customerId: null,
      } as const;
      const day = '2026-11-20';
      const total = '18014398509481982';
      expect(await organization.read(plan)).toEqual([
        { day, currency: 'JPY', incl_tax_minor: '-5', excl_tax_minor: '-5', invoices: 1 },
        { day, currency: 'USD', incl_tax_minor: total, excl_tax_minor: total, invoices: 2 },
      ]);
      await organization.store.putInvoices([invoice('i4', { currency: 'JPY', status: 'void' })], at);
      expect(await organization.read({ ...plan, customerId: 'c1' })).toMatchObject([
        { incl_tax_minor: String(big) },
      ]);
      expect(await organization.read({ ...plan, customerId: 'c1' }, organization.of('c2'))).toEqual([]);
      expect(await organization.read(plan, organization.of('c2'))).toMatchObject([{ invoices: 1 }]);
    });

    it('lets a later provider line take the place of the former one with its id', async () => {
      const organization = await newOrganization(storage());
      const { store } = organization;
      expect(
        await store.putProviderLines([line('a'), line('b', { cost: undefined, customerId: 'c1' })], at),
      ).toEqual({
        stored: 2,
        unchanged: 0,
      });
      const restated = line('a', {
        cost: { amount: '2', currency: 'USD' },
        fetchedAt: '2026-11-22T06:00:00Z',
      });
      expect(await store.putProviderLines([line('a'), restated, restated], at)).toEqual({
        stored: 1,
        unchanged: 2,
      });
      await store.putProviderLines(
        [line('a', { provider: 'anthropic', usage: undefined, requests: undefined })],
        at,
      );
      const plan = {
        kind: 'provider_lines',
        range: { from: Date.UTC(2026, 10, 20), to: Date.UTC(2026, 10, 21) },
      } as const;
      const day = '2026-11-20';
      const later = Date.parse('2026-11-22T06:00:00Z');
      const sooner = Date.parse('2026-11-21T06:00:00Z');
      expect(await organization.read(plan)).toEqual([
        {
          day,
          provider: 'anthropic',
          currency: 'USD',
          cost: '1.5',
          tokens: null,
          requests: null,
          lines: 1,
          allocated_lines: 0,
          fetched_at: sooner,
        },
        {
          day,
          provider: 'openai',
          currency: 'USD',
          cost: '2',
          tokens: 120,
          requests: 3,
          lines: 1,
          allocated_lines: 0,
          fetched_at: later,
        },
        {
          day,
          provider: 'openai',
          currency: null,
          cost: null,
          tokens: 120,
          requests: 3,
          lines: 1,
          allocated_lines: 1,
          fetched_at: sooner,
        },
      ]);
      expect(await organization.read(plan, organization.of('c1'))).toEqual([]);
    });
  });

  describe('keys', () => {
    it('finds an active key by its hash, in its own organization and over all', async () => {
      const [one, two] = [await newOrganization(storage()), await newOrganization(storage())];
      const key: StoredKey = {
        id: 'key-1',
        organizationId: one.id,
        kind: 'ingest',
        name: 'Laptop',
        prefix: 'tk_1',
        customerId: 'c1',
        createdAt: at,
        revokedAt: null,
      };
      const hash = `hash of ${one.id}`;
      await one.store.createKey({ ...key, hash });
      expect(await one.store.findKey(hash)).toEqual(key);
      expect(await two.store.findKey(hash)).toBeNull();
      expect(await storage().findKeyByHash(hash)).toEqual(key);
      expect(await two.store.revokeKey('key-1', at + 1)).toBe(false);
      expect(await one.store.revokeKey('key-1', at + 1)).toBe(true);
      expect(await one.store.revokeKey('key-1', at + 2)).toBe(false);
      expect(await one.store.findKey(hash)).toBeNull();
      expect(await storage().findKeyByHash(hash)).toBeNull();
      expect(await one.store.listKeys()).toEqual([{ ...key, revokedAt: at + 1 }]);
      expect(await two.store.listKeys()).toEqual([]);
    });
  });

  describe('audit', () => {
    it('tells the newest records first', async () => {
      const { store } = await newOrganization(storage());
      const record = (target: string) => ({
        at,
        subject: 'ada',
        role: null,
        action: 'access.denied',
        target,
        outcome: 'denied' as const,
        code: 'forbidden',
      });
      await store.recordAudit([record('one'), record('two')]);
      await store.recordAudit([record('three')]);
      expect(await store.auditTrail(2)).toEqual([record('three'), record('two')]);
    });
  });
}
