import type { BudgetHold, StoredBudget } from '../../storage/contract/budget-store.ts';

/** A part of a budget that is held. */
export interface HeldPart extends BudgetHold {
  readonly reservationId: string;
  readonly madeAt: number;
  customerId: string | null;
  body: string;
  eventId: string;
  liftsAt: number;
}

/** Budgets of one organization, in memory. */
export interface BudgetState {
  readonly records: Map<string, StoredBudget>;
  readonly holds: HeldPart[];
  /** By `budget window level`. */
  readonly crossings: Map<
    string,
    { readonly budgetId: string; readonly from: number; level: number; at: number }
  >;
}

/** No budgets. */
export function createBudgetState(): BudgetState {
  return { records: new Map(), holds: [], crossings: new Map() };
}
