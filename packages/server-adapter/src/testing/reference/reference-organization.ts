import type { Clock } from '../../primitives/clock.ts';
import type { PricedCall } from '../../storage/contract/append.ts';
import type { StoredPrice } from '../../storage/contract/price-store.ts';
import type { OrganizationStore } from '../../storage/contract/storage.ts';
import { deleteBudget, putBudgets, readBudgets, releaseBudgets, reserveBudgets } from './budgets.ts';
import { appendEvents, reviseEntries } from './append-events.ts';
import { compareText } from './compare-cells.ts';
import { carryOutErasure, requestErasure } from './erase-customer.ts';
import { nextSequence, standingCost, type OrganizationState } from './organization-state.ts';
import { parentLinks, putCustomers, putFlows, putInvoices, putProviderLines } from './put-ledger.ts';

/** What all organizations of one reference store share. */
export interface SharedState {
  readonly catalogue: Map<string, StoredPrice>;
  readonly releases: Set<string>;
  readonly organizations: Map<string, OrganizationState>;
}

function pricedCalls(state: OrganizationState): PricedCall[] {
  return [...state.events.values()]
    .sort((a, b) => compareText(a.event.id, b.event.id))
    .flatMap(({ event, occurredAt, counted }) => {
      const current = standingCost(state.entries.get(event.id) ?? []);
      if (!counted || current === null || event.kind !== 'llm_call') return [];
      const usage = state.supplied.get(event.id)?.usage ?? event.usage ?? null;
      return [{ eventId: event.id, event, occurredAt, usage, current }];
    });
}

function pending(call: PricedCall): boolean {
  return call.current.kind === 'pending';
}

const withoutHash = <Key extends { readonly hash: string }>({
  hash: _hash,
  ...key
}: Key): Omit<Key, 'hash'> => key;

/** The write side of one organization, in memory. */
export function referenceOrganization(
  organizationId: string,
  shared: SharedState,
  { clock, stateOf }: { readonly clock: Clock; readonly stateOf: () => OrganizationState },
): OrganizationStore {
  // Each method looks for its organization when it is called, as a database would.
  const on =
    <Parameters extends readonly unknown[], Result>(
      run: (state: OrganizationState, ...rest: Parameters) => Result,
    ) =>
    async (...rest: Parameters): Promise<Result> =>
      run(stateOf(), ...rest);
  return {
    organizationId,
    append: on((state, batch) => appendEvents(state, batch)),
    reviseCosts: on((state, revisions, priceVersion) =>
      priceVersion === state.priceVersion
        ? { status: 'appended', applied: reviseEntries(state, revisions, clock.now()) }
        : { status: 'stale_prices', applied: 0 },
    ),
    callsForReview: on((state, query) =>
      pricedCalls(state)
        .filter((call) => query.calls === 'all' || pending(call))
        .filter(({ occurredAt }) => query.from === null || occurredAt >= query.from)
        .filter(({ occurredAt }) => query.to === null || occurredAt < query.to)
        .filter(({ event }) => {
          if (event.kind !== 'llm_call') return false;
          if (query.provider !== null && event.provider !== query.provider) return false;
          return query.model === null || [event.requestModel, event.responseModel].includes(query.model);
        })
        .filter(({ eventId }) => query.after === null || compareText(eventId, query.after) > 0)
        .slice(0, query.limit),
    ),
    logHead: on((state) => ({ sequence: state.sequence, priceVersion: state.priceVersion })),
    recordLosses: on((state, losses, at, keyId) => {
      state.losses.push(...losses.map((loss) => ({ ...loss, at, keyId })));
    }),
    ensurePartitions: on(() => undefined),

    prices: on((state) => ({
      version: state.priceVersion,
      rows: [...state.prices.values(), ...shared.catalogue.values()].sort((a, b) => compareText(a.id, b.id)),
    })),
    putPrices: on((state, rows, at) => {
      const stored: string[] = [];
      const unchanged: string[] = [];
      for (const row of rows) {
        if (state.prices.has(row.id)) unchanged.push(row.id);
        else {
          state.prices.set(row.id, { ...row, knownFrom: new Date(at).toISOString() });
          stored.push(row.id);
        }
      }
      if (stored.length > 0) {
        nextSequence(state, at);
        state.priceVersion += 1;
      }
      return { stored, unchanged, version: state.priceVersion };
    }),
    importCatalogue: on((_state, release, rows, at) => {
      if (shared.releases.has(release)) return { imported: 0 };
      shared.releases.add(release);
      const fresh = rows.filter(({ id }) => !shared.catalogue.has(id));
      for (const row of fresh)
        shared.catalogue.set(row.id, { ...row, knownFrom: new Date(at).toISOString() });
      for (const organization of shared.organizations.values()) organization.priceVersion += 1;
      return { imported: fresh.length };
    }),

    putCustomers: on((state, customers) => putCustomers(state, customers)),
    parentLinks: on((state, customerIds) => parentLinks(state, customerIds)),
    putInvoices: on((state, invoices) => putInvoices(state, invoices)),
    putFlows: on((state, flows) => putFlows(state, flows)),
    putProviderLines: on((state, lines) => putProviderLines(state, lines)),

    createKey: on((state, key) => void state.keys.set(key.id, key)),
    listKeys: on((state) =>
      [...state.keys.values()]
        .sort((a, b) => a.createdAt - b.createdAt || compareText(a.id, b.id))
        .map(withoutHash),
    ),
    revokeKey: on((state, id, at) => {
      const key = state.keys.get(id);
      if (key === undefined || key.revokedAt !== null) return false;
      state.keys.set(id, { ...key, revokedAt: at });
      return true;
    }),
    findKey: on((state, hash) => {
      const key = [...state.keys.values()].find(
        (candidate) => candidate.hash === hash && candidate.revokedAt === null,
      );
      return key === undefined ? null : withoutHash(key);
    }),

    recordAudit: on((state, records) => void state.audit.push(...records)),
    auditTrail: on((state, limit) => state.audit.toReversed().slice(0, limit)),

    putBudgets: on((state, budgets, at) => putBudgets(state, budgets, at)),
    deleteBudget: on((state, id) => deleteBudget(state, id)),
    budgetsById: on((state, ids) =>
      [...state.budgets.records.values()]
        .filter(({ id }) => ids.includes(id))
        .sort((a, b) => compareText(a.id, b.id)),
    ),
    readBudgets: on((state, selection, rules, at) => readBudgets(state, selection, { rules, at })),
    reserveBudgets: on((state, draft, rules, at) => reserveBudgets(state, draft, { rules, at })),
    releaseBudgets: on((state, release) => releaseBudgets(state, release)),

    eraseCustomer: on((state, customerId, at) => requestErasure(state, customerId, at)),

    advanceRollups: on((state, limit) => {
      const from = state.cursor;
      const to = Math.min(from + limit, state.sequence);
      state.cursor = to;
      for (const erasure of state.erasures) {
        if (!erasure.done && erasure.sequence <= to) carryOutErasure(state, erasure);
      }
      return { from, to, head: state.sequence };
    }),
    checkRollups: on(() => []),
    rebuildRollups: on((state) => {
      state.cursor = state.sequence;
      for (const erasure of state.erasures) if (!erasure.done) carryOutErasure(state, erasure);
    }),
  };
}
