import type { BudgetAction, BudgetDecision, BudgetState } from '@tallykit/protocol';
import {
  addDecimals,
  compareDecimals,
  costOfQuantity,
  decimalOfNumber,
  divideToNumber,
  multiplyDecimals,
  roundDecimal,
} from '../primitives/money.ts';
import type {
  BudgetReading,
  BudgetRules,
  BudgetSpend,
  StoredBudget,
} from '../storage/contract/budget-store.ts';
import { spanOfWindow } from './budget-window.ts';

/** A budget with its limit and what counts against it as decimals, in major units or tokens. */
export interface WeighedBudget {
  readonly limit: string;
  /** Null when calls were made and nothing of theirs is known. */
  readonly spent: string | null;
  readonly reserved: string;
  readonly state: BudgetState;
  /** What the budget says about the next call. */
  readonly decision: BudgetDecision;
}

/** Places of an entry in the ledger. */
const places = 12;

function spentOf({ limit }: StoredBudget, spend: BudgetSpend): string | null {
  const known = limit.unit === 'money' ? spend.amount : spend.tokens;
  if (known !== null) return String(known);
  return spend.calls === 0 && spend.pendingCalls === 0 ? '0' : null;
}

const limitOf = ({ limit }: StoredBudget): string => String(limit.amount);

const reaches = (amount: string, limit: string, level: number): boolean =>
  compareDecimals(amount, multiplyDecimals(limit, decimalOfNumber(level))) >= 0;

const decisions: Readonly<Record<BudgetAction, BudgetDecision>> = {
  alert: 'allow',
  throttle: 'throttle',
  block: 'block',
};

/** Weighs what counts against a budget. Calls whose cost is not known weigh nothing until it is; what is reserved does. */
export function weighBudget({ budget, spend }: Pick<BudgetReading, 'budget' | 'spend'>): WeighedBudget {
  const limit = limitOf(budget);
  const spent = spentOf(budget, spend);
  const reserved = budget.limit.unit === 'money' ? spend.reservedAmount : String(spend.reservedTokens);
  const isOver = reaches(addDecimals(spent ?? '0', reserved), limit, 1);
  return {
    limit,
    spent,
    reserved,
    state: stateOf(spent ?? '0', limit, budget.warnAt),
    decision: isOver ? decisions[budget.action] : 'allow',
  };
}

function stateOf(spent: string, limit: string, warnAt: readonly number[]): BudgetState {
  if (reaches(spent, limit, 1)) return 'over';
  return warnAt.some((level) => reaches(spent, limit, level)) ? 'warned' : 'inside';
}

/** `spent` as a part of the limit, to show: a float. */
export function fractionOf({ spent, limit }: WeighedBudget): number | null {
  return spent === null ? null : divideToNumber(spent, limit);
}

/** Rules of an organization's budgets at an instant: windows of its zone, and levels with the limit among them. */
export function budgetRules(now: number, timeZone: string): BudgetRules {
  return {
    spanOf: ({ window }) => spanOfWindow(window, now, timeZone),
    levelsPassed(budget, spend) {
      const spent = spentOf(budget, spend) ?? '0';
      const levels = [...new Set([...budget.warnAt, 1])].sort((a, b) => a - b);
      return levels.filter((level) => reaches(spent, limitOf(budget), level));
    },
  };
}

/** What a call may cost, as whoever is about to make it says. */
export interface CallEstimate {
  readonly amount?: string | undefined;
  readonly currency?: string | undefined;
  readonly tokens?: number | undefined;
}

/**
 * What to hold for a call: its estimate in the budget's own unit and currency, else the average of the window's calls, and
 * then at least a thousandth of the limit, so that calls nobody can estimate cannot slip through in any number.
 */
export function heldFor(
  { budget, spend }: Pick<BudgetReading, 'budget' | 'spend'>,
  estimate: CallEstimate = {},
): string {
  const { limit } = budget;
  if (limit.unit === 'money') {
    if (estimate.amount !== undefined && estimate.currency === limit.currency) return estimate.amount;
    const priced = spend.calls - spend.pendingCalls;
    const average = priced > 0 ? roundDecimal(costOfQuantity(1, spend.amount ?? '0', priced), places) : '0';
    return larger(average, roundDecimal(multiplyDecimals(limit.amount, '0.001'), places));
  }
  if (estimate.tokens !== undefined) return String(estimate.tokens);
  const average = spend.calls > 0 ? Math.ceil((spend.tokens ?? 0) / spend.calls) : 0;
  return String(Math.max(average, Math.ceil(limit.amount / 1000), 1));
}

function larger(a: string, b: string): string {
  return compareDecimals(a, b) < 0 ? b : a;
}

/** Whether a budget that is not reached yet would not be exceeded by holding this much more. */
export function hasRoomFor(reading: Pick<BudgetReading, 'budget' | 'spend'>, held: string): boolean {
  const { limit, spent, reserved } = weighBudget(reading);
  const counted = addDecimals(spent ?? '0', reserved);
  return compareDecimals(counted, limit) < 0 && compareDecimals(addDecimals(counted, held), limit) <= 0;
}
