import type { Budget, BudgetAnswer, BudgetEntry, BudgetsAnswer, BudgetStatus } from '@tallykit/protocol';
import { exampleNow, exampleZone } from './calendar.ts';

const windows: Readonly<
  Record<Budget['window'], { readonly from: string | null; readonly to: string | null }>
> = {
  day: { from: '2026-11-19T23:00:00.000Z', to: '2026-11-20T23:00:00.000Z' },
  week: { from: '2026-11-15T23:00:00.000Z', to: '2026-11-22T23:00:00.000Z' },
  month: { from: '2026-10-31T23:00:00.000Z', to: '2026-11-30T23:00:00.000Z' },
  total: { from: null, to: null },
};

interface Facts {
  readonly budget: Pick<Budget, 'id' | 'name' | 'scope' | 'window' | 'action'> & Partial<Budget>;
  readonly unit: 'money' | 'tokens';
  readonly limit: number;
  /** Null: calls were made and nothing of theirs is known. */
  readonly spent: number | null;
  readonly reserved?: number;
  readonly status?: Partial<BudgetStatus>;
}

/** A budget and where it stands, from a few facts. */
export function budgetEntry({ budget, unit, limit, spent, reserved = 0, status }: Facts): BudgetEntry {
  const figure = (amount: number | null) =>
    unit === 'money'
      ? ({ unit, amount: amount === null ? null : amount.toFixed(2), currency: 'USD' } as const)
      : ({ unit, amount } as const);
  const known = spent ?? 0;
  const warnAt = budget.warnAt ?? [0.8];
  const passed = [...warnAt, 1].filter((level) => known >= level * limit);
  const { window } = budget;
  return {
    budget: {
      warnAt,
      throttle: null,
      owner: 'organization',
      editable: true,
      amountKind: budget.scope.customerId === undefined ? 'effective' : 'charge',
      createdAt: '2026-09-01T08:00:00.000Z',
      updatedAt: '2026-09-01T08:00:00.000Z',
      limit: unit === 'money' ? { unit, amount: limit.toFixed(2), currency: 'USD' } : { unit, amount: limit },
      ...budget,
    },
    status: {
      state: known >= limit ? 'over' : passed.length > 0 ? 'warned' : 'inside',
      spent: figure(spent),
      reserved: figure(reserved),
      remaining: figure(Math.max(0, limit - known - reserved)),
      fraction: limit === 0 || spent === null ? null : spent / limit,
      calls: 1204,
      pending: { calls: 0, tokens: null },
      otherCurrencies: [],
      window: { ...windows[window], timeZone: exampleZone },
      resetsAt: windows[window].to,
      crossings: passed.map((level, index) => ({
        level,
        at: new Date(Date.parse(exampleNow) - (passed.length - index) * 9_000_000).toISOString(),
      })),
      ...status,
    },
  };
}

const halden = { customerId: 'cus_halden' };

const contract = budgetEntry({
  budget: {
    id: 'halden-month',
    name: 'Halden Insurance',
    scope: halden,
    window: 'month',
    action: 'block',
    warnAt: [0.5, 0.8],
  },
  unit: 'money',
  limit: 700,
  spent: 597.36,
  reserved: 18.4,
});

const fairUse = budgetEntry({
  budget: {
    id: 'halden-tokens',
    name: null,
    scope: { ...halden, flow: 'triage' },
    window: 'day',
    action: 'throttle',
    throttle: { callsPerMinute: 30 },
    owner: 'customer',
  },
  unit: 'tokens',
  limit: 2_000_000,
  spent: 412_806,
});

const replies = budgetEntry({
  budget: {
    id: 'replies-week',
    name: 'Reply drafts',
    scope: { productId: 'replies' },
    window: 'week',
    action: 'alert',
    warnAt: [0.9, 1.5],
  },
  unit: 'money',
  limit: 900,
  spent: 1008,
});

const trial = budgetEntry({
  budget: {
    id: 'trial',
    name: 'Trial of Maren',
    scope: { customerId: 'cus_maren' },
    window: 'total',
    action: 'block',
  },
  unit: 'money',
  limit: 50,
  spent: 4.2,
});

const stopped = budgetEntry({
  budget: { id: 'stopped', name: 'Night export', scope: { flow: 'export' }, window: 'day', action: 'block' },
  unit: 'money',
  limit: 0,
  spent: 0.37,
});

const ownKey = budgetEntry({
  budget: { id: 'batch-key', name: null, scope: { keyId: 'key_batch' }, window: 'month', action: 'alert' },
  unit: 'money',
  limit: 1500,
  spent: 402.18,
});

/** Names that come with the examples: of budgets, of what they are about, and of the zone. */
export const exampleBudgetNames = [
  'Halden Insurance',
  'Reply drafts',
  'Trial of Maren',
  'Night export',
  'cus_halden',
  'cus_maren',
  'replies',
  'triage',
  'export',
  'key_batch',
  'halden-month',
  'EUR',
  'GBP',
  exampleZone,
];

function answer(budgets: readonly BudgetEntry[]): BudgetsAnswer {
  return {
    budgets,
    nextCursor: null,
    scope: { organizationId: 'org_acme', customerId: null, customerName: null, visibility: 'operator' },
    freshness: {
      asOf: exampleNow,
      cadence: 'live',
      openBucket: null,
      pending: { calls: 0, tokens: null },
      withheld: [],
      engine: 'embedded',
    },
  };
}

/** Six budgets, as an operator sees them, in order of id as the server lists them. */
export const budgetsAnswer = answer([ownKey, contract, fairUse, replies, stopped, trial]);

/** No budget was ever put. */
export const budgetsEmpty = answer([]);

/** One has calls without a known price and in other currencies; of another nothing is known yet. */
export const budgetsPending = answer([
  {
    ...contract,
    status: {
      ...contract.status,
      pending: { calls: 118, tokens: 214_600 },
      otherCurrencies: ['EUR', 'GBP'],
    },
  },
  budgetEntry({
    budget: {
      id: 'new-model',
      name: 'Night export',
      scope: { flow: 'export' },
      window: 'day',
      action: 'alert',
    },
    unit: 'money',
    limit: 20,
    spent: null,
    status: { pending: { calls: 3, tokens: 5100 } },
  }),
]);

/** As the customer itself sees its budgets: no kind of amount, and only its own may be changed. */
export const budgetsForCustomer: BudgetsAnswer = {
  ...answer(
    [contract, fairUse].map(({ budget: { amountKind: _, ...budget }, status }) => ({
      budget: { ...budget, editable: budget.owner === 'customer' },
      status,
    })),
  ),
  scope: {
    organizationId: 'org_acme',
    customerId: 'cus_halden',
    customerName: 'Halden Insurance',
    visibility: 'customer',
  },
};

/** One budget by itself. */
export function budgetAnswerOf(entry: BudgetEntry): BudgetAnswer {
  const { scope, freshness } = budgetsAnswer;
  return { ...entry, scope, freshness };
}

/** Single examples by what is special about them. */
export const exampleBudgets = { contract, fairUse, replies, trial, stopped, ownKey };
