import type {
  BudgetAnswer,
  BudgetBody,
  BudgetCheckAnswer,
  BudgetInput,
  BudgetReservationAnswer,
  BudgetReservationRequest,
  BudgetsAnswer,
  BudgetScope,
  PutAnswer,
} from '@tallykit/protocol';
import {
  budgetAnswerShape,
  budgetCheckAnswerShape,
  budgetReservationAnswerShape,
  budgetsAnswerShape,
  putAnswerShape,
} from '../answers/answer-shapes.ts';
import { routes } from '../routes.ts';
import type { RequestOptions, Send } from '../send.ts';

/** Which budgets to list. */
export interface BudgetsParams {
  /** Only budgets over this customer. */
  readonly customerId?: string | undefined;
  /** Operators: what an admin of this customer would see. */
  readonly asCustomer?: string | undefined;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
  /** Budgets a page: 1 to 500, 100 unless told. */
  readonly limit?: number | undefined;
}

/** Budgets: what may be spent by a customer, product, flow or key, and whether a call is inside of it. */
export interface BudgetsResource {
  /** One page of budgets and where each stands; ask on with `cursor` until `nextCursor` is null. */
  list(params?: BudgetsParams, options?: RequestOptions): Promise<BudgetsAnswer>;
  /** One budget and where it stands. */
  get(id: string, options?: RequestOptions): Promise<BudgetAnswer>;
  /** Stores a budget under an id of the caller's own, or changes it. It holds for the next call. */
  put(id: string, budget: BudgetBody, options?: RequestOptions): Promise<BudgetAnswer>;
  /** Stores at most 500 budgets, all or none. */
  putAll(budgets: readonly BudgetInput[], options?: RequestOptions): Promise<PutAnswer>;
  /** Removes a budget and what is held under it. */
  delete(id: string, options?: RequestOptions): Promise<void>;
  /** Whether a call with these attributes is inside every budget that concerns it. */
  check(scope: BudgetScope, options?: RequestOptions): Promise<BudgetCheckAnswer>;
  /** Holds a part of the budgets for one call, or says that it must not be made. */
  reserve(reservation: BudgetReservationRequest, options?: RequestOptions): Promise<BudgetReservationAnswer>;
  /**
   * Gives a hold back. With the id of the call's event it stays until that event's cost is in, a minute at most; without
   * it ends at once, for calls that were never made.
   */
  release(id: string, eventId?: string | null, options?: RequestOptions): Promise<void>;
}

/** Budgets over one client's transport. */
export function budgetsResource(send: Send): BudgetsResource {
  return {
    list: (params, options) =>
      send(
        { route: routes.listBudgets, query: { ...params }, safe: true, answer: budgetsAnswerShape },
        options,
      ),
    get: (id, options) =>
      send({ route: routes.getBudget, parameters: { id }, safe: true, answer: budgetAnswerShape }, options),
    put: (id, body, options) =>
      send(
        { route: routes.putBudget, parameters: { id }, body, safe: false, answer: budgetAnswerShape },
        options,
      ),
    putAll: (budgets, options) =>
      send({ route: routes.putBudgets, body: { budgets }, safe: false, answer: putAnswerShape }, options),
    delete: (id, options) =>
      send({ route: routes.deleteBudget, parameters: { id }, safe: false, answer: 'nothing' }, options),
    check: (scope, options) =>
      send(
        { route: routes.checkBudgets, body: { scope }, safe: true, answer: budgetCheckAnswerShape },
        options,
      ),
    reserve: (body, options) =>
      send(
        { route: routes.reserveBudgets, body, safe: false, answer: budgetReservationAnswerShape },
        options,
      ),
    release: (id, eventId, options) =>
      send(
        {
          route: routes.releaseBudgets,
          parameters: { id },
          query: { eventId: eventId ?? undefined },
          safe: false,
          answer: 'nothing',
        },
        options,
      ),
  };
}
