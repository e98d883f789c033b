import { randomUUID } from 'node:crypto';
import type { ManualClock } from '../../primitives/clock.ts';
import type { AppendEvent, AppendResult } from '../../storage/contract/append.ts';
import type { ReadPlan, UsagePlan } from '../../storage/contract/read-plan.ts';
import type { Cell, ReadScope, RowOf } from '../../storage/contract/scoped-reader.ts';
import type { OrganizationStore, Storage } from '../../storage/contract/storage.ts';

/** Opens a store of one engine on empty ground. */
export interface StorageSubject {
  readonly engine: string;
  open(options: { readonly clock: ManualClock }): Promise<{
    readonly storage: Storage;
    /** Takes away what the store left behind. */
    remove(): Promise<void>;
  }>;
}

/** An organization of its own within the store under test. */
export interface TestOrganization {
  readonly id: string;
  readonly store: OrganizationStore;
  readonly everyone: ReadScope;
  of(...customers: readonly string[]): ReadScope;
  append(...items: readonly AppendEvent[]): Promise<AppendResult>;
  /** Brings the sums to the head of the log. */
  catchUp(): Promise<void>;
  read<Plan extends ReadPlan>(plan: Plan, scope?: ReadScope): Promise<readonly RowOf<Plan>[]>;
  usage(plan: Partial<UsagePlan>, scope?: ReadScope): Promise<readonly Readonly<Record<string, Cell>>[]>;
}

/** Days that every test's events lie in, unless it says otherwise: all of November 2026. */
export const november = { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 11, 1) };

/** A usage plan over November's events, with what a test says otherwise. */
export function usagePlan(changes: Partial<UsagePlan> = {}): UsagePlan {
  return {
    kind: 'usage',
    source: 'raw',
    range: november,
    bucket: null,
    dimensions: [],
    measures: ['calls'],
    filters: [],
    orderBy: [],
    limit: 10_000,
    ...changes,
  };
}

/** A new organization in a store. */
export async function newOrganization(storage: Storage, timeZone = 'UTC'): Promise<TestOrganization> {
  const id = `org ${randomUUID()}`;
  await storage.ensureOrganization({ id, name: 'Acme', timeZone });
  return organizationIn(storage, id);
}

/** An organization that a store already has. */
export function organizationIn(storage: Storage, id: string): TestOrganization {
  const store = storage.forOrganization({ organizationId: id, subject: 'test' });
  const everyone: ReadScope = { organizationId: id, customers: 'all' };
  const read = async <Plan extends ReadPlan>(plan: Plan, scope: ReadScope = everyone) =>
    (await storage.forScope(scope).read(plan)).rows;
  return {
    id,
    store,
    everyone,
    of: (...customers) => ({ organizationId: id, customers }),
    async append(...items) {
      const { priceVersion } = await store.logHead();
      return store.append({ events: items, priceVersion });
    },
    async catchUp() {
      for (;;) {
        const { to, head } = await store.advanceRollups(20_000);
        if (to >= head) return;
      }
    },
    read,
    usage: (plan, scope) => read(usagePlan(plan), scope),
  };
}
