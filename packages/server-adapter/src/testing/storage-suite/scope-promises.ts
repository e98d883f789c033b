import { describe, expect, it } from 'vitest';
import { rollupNodes, type RollupNode } from '../../storage/contract/lattice.ts';
import { StorageError } from '../../storage/contract/storage-error.ts';
import type { Storage } from '../../storage/contract/storage.ts';
import { buildCall, buildItem, pendingFor } from '../build-events.ts';
import { newOrganization, november, type TestOrganization } from './suite-context.ts';

const at = Date.UTC(2026, 10, 20, 10);

async function twoCustomers(storage: Storage): Promise<TestOrganization> {
  const organization = await newOrganization(storage);
  await organization.append(
    buildItem(buildCall({ customerId: 'c1' })),
    buildItem(buildCall({ customerId: 'c1' }), { cost: pendingFor('no_price') }),
    buildItem(buildCall({ customerId: 'c2' })),
    buildItem(buildCall()),
  );
  await organization.catchUp();
  return organization;
}

/** What scopes promise: nobody sees what is not theirs. */
export function describeScopes(storage: () => Storage): void {
  describe('scopes', () => {
    it('keeps organizations apart in every kind of answer', async () => {
      const [one, two] = [await twoCustomers(storage()), await newOrganization(storage())];
      const call = buildCall({ customerId: 'c1' });
      await one.append(buildItem(call));
      await one.catchUp();
      expect(await two.usage({})).toEqual([{ calls: 0 }]);
      expect(await two.usage({ source: 'day_customer' })).toEqual([{ calls: 0 }]);
      expect(await two.read({ kind: 'call', id: call.id })).toEqual([]);
      expect(await two.read({ kind: 'trace', traceId: call.traceId, limit: 10 })).toEqual([]);
      expect(await two.read({ kind: 'pending', range: november, filters: [] })).toEqual([]);
      expect(await two.read({ kind: 'customers', limit: 10 })).toEqual([]);
      expect(await two.read({ kind: 'captured', range: november })).toEqual([]);
    });

    it.each(['raw', 'day_customer', 'quarter_customer', 'day_customer_model'] as const)(
      'limits %s to the customers in scope',
      async (source) => {
        const organization = await twoCustomers(storage());
        const plan = { source, dimensions: ['customer'], measures: ['calls', 'unattributed_calls'] } as const;
        expect(await organization.usage(plan, organization.of('c1'))).toEqual([
          { customer: 'c1', calls: 2, unattributed_calls: 0 },
        ]);
        expect(await organization.usage(plan, organization.of('c2', 'nobody'))).toEqual([
          { customer: 'c2', calls: 1, unattributed_calls: 0 },
        ]);
        expect(await organization.usage(plan, organization.of())).toEqual([]);
        expect(await organization.usage(plan)).toEqual([
          { customer: 'c1', calls: 2, unattributed_calls: 0 },
          { customer: 'c2', calls: 1, unattributed_calls: 0 },
          { customer: null, calls: 1, unattributed_calls: 1 },
        ]);
      },
    );

    it('gives a filter on a foreign customer nothing', async () => {
      const organization = await twoCustomers(storage());
      const filters = [{ field: 'customer', operator: 'eq', values: ['c2'] }] as const;
      expect(await organization.usage({ filters }, organization.of('c1'))).toEqual([{ calls: 0 }]);
      const missing = [{ field: 'customer', operator: 'isNull', values: [] }] as const;
      expect(await organization.usage({ filters: missing }, organization.of('c1'))).toEqual([{ calls: 0 }]);
    });

    it('hides a foreign call, trace, pending call and customer', async () => {
      const organization = await newOrganization(storage());
      const mine = buildCall({ customerId: 'c1', at });
      const theirs = buildCall({ customerId: 'c2', at: at + 1 });
      await organization.append(
        buildItem(mine, { cost: pendingFor('no_price') }),
        buildItem(theirs, { cost: pendingFor('no_price') }),
      );
      const scope = organization.of('c1');
      expect(await organization.read({ kind: 'call', id: theirs.id }, scope)).toEqual([]);
      const trace = await organization.read({ kind: 'trace', traceId: mine.traceId, limit: 10 }, scope);
      expect(trace.map(({ event }) => event.id)).toEqual([mine.id]);
      const pending = await organization.read({ kind: 'pending', range: november, filters: [] }, scope);
      expect(pending).toEqual([{ reason: 'no_price', calls: 1, tokens: 120 }]);
      expect((await organization.read({ kind: 'customers', limit: 10 }, scope)).map(({ id }) => id)).toEqual([
        'c1',
      ]);
      const captured = await organization.read({ kind: 'captured', range: november }, scope);
      expect(captured).toMatchObject([{ calls: 1, pending_calls: 1 }]);
    });

    it.each(
      (rollupNodes as readonly RollupNode[])
        .filter(({ keys }) => !keys.includes('customer'))
        .map(({ id }) => id),
    )('refuses %s to a scope of single customers', async (source) => {
      const organization = await newOrganization(storage());
      const node = rollupNodes.find(({ id }) => id === source)?.id ?? 'raw';
      const error = await organization
        .usage({ source: node }, organization.of('c1'))
        .catch((e: unknown) => e);
      expect(StorageError.is(error) && error.code).toBe('unsupported_plan');
    });

    it('takes what cannot be an id for an unknown one', async () => {
      const organization = await twoCustomers(storage());
      expect(await organization.read({ kind: 'call', id: "' or true --" })).toEqual([]);
      expect(await organization.read({ kind: 'trace', traceId: 'x', limit: 5 })).toEqual([]);
    });

    it('reads hostile texts as texts', async () => {
      const organization = await newOrganization(storage());
      const hostile = [`c'"; drop table x --`, '{c1,c2}', 'c\\', "','all"];
      await organization.append(...hostile.map((customerId) => buildItem(buildCall({ customerId }))));
      for (const customerId of hostile) {
        expect(await organization.usage({}, organization.of(customerId))).toEqual([{ calls: 1 }]);
        const filters = [{ field: 'customer', operator: 'in', values: [customerId, 'x'] }] as const;
        expect(await organization.usage({ filters })).toEqual([{ calls: 1 }]);
      }
    });
  });
}
