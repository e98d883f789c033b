import type { BudgetHold, StoredBudget } from '../../storage/contract/budget-store.ts';

/** A part of a budget that is held. */
export interface HeldPart extends BudgetHold {
  readonly reservationId: string;
  readonly customerId: string | null;
  readonly body: string;
  readonly madeAt: number;
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
