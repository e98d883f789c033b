import type { BudgetContext } from '../budgets/budget-context.ts';
import type { EndpointCall } from './route.ts';

/** What requests about budgets are answered with. */
export function budgetsOf({ store, caller, parts }: EndpointCall): BudgetContext {
  const { storage, door, clock, recentBudgets } = parts;
  return { storage, store, door, clock, caller, recent: recentBudgets };
}
