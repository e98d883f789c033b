import type {
  BudgetAttributes,
  BudgetReading,
  BudgetRecord,
  BudgetRules,
  BudgetSelection,
  ReservationDraft,
} from '../../storage/contract/budget-store.ts';
import { uuidV7 } from '../../primitives/uuid-v7.ts';
import type { OrganizationStore } from '../../storage/contract/storage.ts';

/** The present of every test of budgets. */
export const at = Date.UTC(2026, 10, 20, 11);
/** A day in milliseconds. */
export const dayMs = 86_400_000;
/** Attributes of a budget over everybody. */
export const anybody: BudgetAttributes = { customerId: null, productId: null, flow: null, keyId: null };
/** Attributes of a budget over one customer. */
export const ofC1: BudgetAttributes = { ...anybody, customerId: 'c1' };

/** A dollar a day for customer `c1`, with what a test says otherwise. */
export const budget = (id: string, changes: Partial<BudgetRecord> = {}): BudgetRecord => ({
  id,
  name: null,
  scope: ofC1,
  limit: { unit: 'money', amount: '1', currency: 'USD' },
  window: 'day',
  action: 'block',
  warnAt: [0.8],
  callsPerMinute: null,
  owner: 'organization',
  amountKind: 'charge',
  ...changes,
});

/** The UTC day that holds `now`; half of the limit is the only level. */
export const rulesAt = (now: number): BudgetRules => ({
  spanOf: ({ window }) =>
    window === 'total'
      ? { from: 0, to: null }
      : { from: Math.floor(now / dayMs) * dayMs, to: (Math.floor(now / dayMs) + 1) * dayMs },
  levelsPassed: ({ limit }, { amount }) => (Number(amount) >= Number(limit.amount) / 2 ? [0.5] : []),
});

/** Selects every budget. */
export const everything: Extract<BudgetSelection, { kind: 'list' }> = {
  kind: 'list',
  customers: 'all',
  chargedOnly: false,
  ids: null,
  after: null,
  limit: 100,
};

/** Budgets and where they stand. */
export async function read(store: OrganizationStore, selection: BudgetSelection = everything, now = at) {
  return store.readBudgets(selection, rulesAt(now), now);
}

/** What counts against one budget. */
export async function spendOf(
  store: OrganizationStore,
  id: string,
  now = at,
): Promise<BudgetReading['spend']> {
  const [reading] = await read(store, { ...everything, ids: [id] }, now);
  if (reading === undefined) throw new Error(`There is no budget ${id}.`);
  return reading.spend;
}

/** Holds a tenth of a dollar and a hundred tokens where a dollar is not exceeded. */
export const draft = (changes: Partial<ReservationDraft> = {}): ReservationDraft => ({
  id: uuidV7(at),
  body: 'body',
  customerId: 'c1',
  attributes: ofC1,
  liftsAt: at + 120_000,
  decide: (readings) =>
    readings.every(({ spend }) => Number(spend.amount ?? '0') + Number(spend.reservedAmount) + 0.1 <= 1)
      ? readings.map((reading) => ({ budgetId: reading.budget.id, amount: '0.1', tokens: 100 }))
      : null,
  ...changes,
});
