import type { Principal } from '@tallykit/protocol';
import type { Caller } from '../access/caller.ts';
import { visibilityOf } from '../access/policy.ts';
import { unauthenticated } from '../access/access-problems.ts';
import type { Door } from '../datasets/run-query.ts';
import type { Clock } from '../primitives/clock.ts';
import type { StoredBudget } from '../storage/contract/budget-store.ts';
import type { OrganizationStore, Storage } from '../storage/contract/storage.ts';
import type { RecentReadings } from './recent-readings.ts';
import type { BudgetViewer } from './show-budget.ts';

/** What requests about budgets are answered with. */
export interface BudgetContext {
  readonly storage: Pick<Storage, 'organization'>;
  readonly store: OrganizationStore;
  readonly door: Door;
  readonly clock: Clock;
  readonly recent: RecentReadings;
  readonly caller: Pick<Caller, 'principal' | 'credential' | 'keyId'>;
}

/** Zone of an organization's windows. */
export async function timeZoneOf({ storage, store }: BudgetContext): Promise<string> {
  const organization = await storage.organization(store.organizationId);
  if (organization === null) throw unauthenticated();
  return organization.timeZone;
}

/** The customer that somebody is bound to; null for whoever acts for the whole organization. */
export function boundCustomer({ customerId }: Principal): string | null {
  return customerId ?? null;
}

/** Whether a principal may know of a budget: of its own account, and in an amount that customers are told. */
export function maySeeBudget(principal: Principal, budget: StoredBudget): boolean {
  const customerId = boundCustomer(principal);
  if (customerId !== null && budget.scope.customerId !== customerId) return false;
  return visibilityOf(principal) === 'operator' || isCharged(budget);
}

/** Whether a budget holds nothing of the vendor's own cost. */
export function isCharged({ limit, amountKind }: StoredBudget): boolean {
  return limit.unit === 'tokens' || amountKind === 'charge';
}

/** Whether a principal that holds `budgets.manage` may change a budget: customers change what customers have put. */
export function mayEditBudget(principal: Principal, budget: StoredBudget): boolean {
  if (!maySeeBudget(principal, budget)) return false;
  return visibilityOf(principal) === 'operator' || budget.owner === 'customer';
}

/** How a principal sees budgets. */
export function viewerOf(principal: Principal, mayManage: boolean): BudgetViewer {
  return {
    isOperator: visibilityOf(principal) === 'operator',
    mayEdit: (budget) => mayManage && mayEditBudget(principal, budget),
  };
}
