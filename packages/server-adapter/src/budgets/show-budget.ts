import type { Budget, BudgetEntry, BudgetFigure, BudgetLimit, BudgetStatus } from '@tallykit/protocol';
import { compareDecimals, subtractDecimals } from '../primitives/money.ts';
import type { BudgetReading, StoredBudget } from '../storage/contract/budget-store.ts';
import { fractionOf, weighBudget } from './weigh-budget.ts';

/** Who looks at a budget. */
export interface BudgetViewer {
  readonly isOperator: boolean;
  /** Whether a budget may be changed by whoever looks. */
  mayEdit(budget: StoredBudget): boolean;
}

const instant = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** A budget as its viewer may see it. */
export function showBudget(budget: StoredBudget, viewer: BudgetViewer): Budget {
  const { customerId, productId, flow, keyId } = budget.scope;
  return {
    id: budget.id,
    name: budget.name,
    scope: {
      ...(customerId === null ? {} : { customerId }),
      ...(productId === null ? {} : { productId }),
      ...(flow === null ? {} : { flow }),
      ...(keyId === null || !viewer.isOperator ? {} : { keyId }),
    },
    limit: budget.limit,
    window: budget.window,
    action: budget.action,
    warnAt: budget.warnAt,
    throttle: budget.callsPerMinute === null ? null : { callsPerMinute: budget.callsPerMinute },
    owner: budget.owner,
    editable: viewer.mayEdit(budget),
    ...(viewer.isOperator ? { amountKind: budget.amountKind } : {}),
    createdAt: new Date(budget.createdAt).toISOString(),
    updatedAt: new Date(budget.updatedAt).toISOString(),
  };
}

/** The most that a figure of an answer can say. Reservations that tell senseless estimates hold more together. */
const most = {
  money: `${'9'.repeat(26)}.${'9'.repeat(12)}`,
  tokens: String(Number.MAX_SAFE_INTEGER),
} as const;

function figure(limit: BudgetLimit, amount: string | null): BudgetFigure {
  const told = amount !== null && compareDecimals(amount, most[limit.unit]) > 0 ? most[limit.unit] : amount;
  if (limit.unit === 'money') return { unit: 'money', amount: told, currency: limit.currency };
  return { unit: 'tokens', amount: told === null ? null : Number(told) };
}

/** Where a budget stands. */
export function statusOf(reading: BudgetReading, timeZone: string): BudgetStatus {
  const { budget, spend, span, crossings } = reading;
  const weighed = weighBudget(reading);
  const { limit, spent, reserved, state } = weighed;
  const rest = subtractDecimals(subtractDecimals(limit, spent ?? '0'), reserved);
  const isTotal = span.to === null;
  return {
    state,
    spent: figure(budget.limit, spent),
    reserved: figure(budget.limit, reserved),
    remaining: figure(budget.limit, compareDecimals(rest, '0') < 0 ? '0' : rest),
    fraction: fractionOf(weighed),
    calls: spend.calls,
    pending: { calls: spend.pendingCalls, tokens: spend.pendingTokens },
    otherCurrencies: spend.otherCurrencies,
    window: { from: isTotal ? null : instant(span.from), to: instant(span.to), timeZone },
    resetsAt: instant(span.to),
    crossings: crossings.map(({ level, at }) => ({ level, at: new Date(at).toISOString() })),
  };
}

/** A budget and where it stands. */
export function entryOf(
  reading: BudgetReading,
  { viewer, timeZone }: { readonly viewer: BudgetViewer; readonly timeZone: string },
): BudgetEntry {
  return { budget: showBudget(reading.budget, viewer), status: statusOf(reading, timeZone) };
}
