import type { BudgetAction, BudgetAmountKind, BudgetLimit, BudgetWindow } from '@tallykit/protocol';
import type { PutCount } from './ledger-store.ts';
import type { ReadScope } from './scoped-reader.ts';

/** Attributes that a budget is about, or those of a call; null: any, or none. */
export interface BudgetAttributes {
  readonly customerId: string | null;
  readonly productId: string | null;
  readonly flow: string | null;
  readonly keyId: string | null;
}

/** A budget as it is put into the store. */
export interface BudgetRecord {
  readonly id: string;
  readonly name: string | null;
  readonly scope: BudgetAttributes;
  readonly limit: BudgetLimit;
  readonly window: BudgetWindow;
  readonly action: BudgetAction;
  readonly warnAt: readonly number[];
  readonly callsPerMinute: number | null;
  readonly owner: 'organization' | 'customer';
  readonly amountKind: BudgetAmountKind;
}

/** A budget as it is stored; instants in Unix milliseconds. */
export interface StoredBudget extends BudgetRecord {
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A window of time in Unix milliseconds, `from` inclusive, `to` exclusive; null where it has no end. */
export interface BudgetSpan {
  readonly from: number;
  readonly to: number | null;
}

/** What counts against a budget in its window, up to the head of the log. */
export interface BudgetSpend {
  readonly calls: number;
  /** Null when no call reported any. */
  readonly tokens: number | null;
  /** Sum in the budget's currency, of its kind of amount; null when no call has one. */
  readonly amount: string | null;
  readonly pendingCalls: number;
  readonly pendingTokens: number | null;
  /** In order. Empty for budgets of tokens. */
  readonly otherCurrencies: readonly string[];
  readonly reservedAmount: string;
  readonly reservedTokens: number;
  /** Reservations that were made in the last minute, given back or not. */
  readonly admittedLately: number;
}

/** A budget with what counts against it. */
export interface BudgetReading {
  readonly budget: StoredBudget;
  readonly span: BudgetSpan;
  readonly spend: BudgetSpend;
  /** Levels that were passed in the window, lowest first, and when that was noticed (Unix milliseconds). */
  readonly crossings: readonly { readonly level: number; readonly at: number }[];
}

/** What the domain knows and the store does not. */
export interface BudgetRules {
  /** The window of a budget that holds the present. */
  spanOf(budget: StoredBudget): BudgetSpan;
  /** Levels of a budget that its spend has passed; each is recorded once a window. */
  levelsPassed(budget: StoredBudget, spend: BudgetSpend): readonly number[];
}

/** Which budgets: those that a call with these attributes falls under, or a page of those that may be seen. */
export type BudgetSelection =
  | { readonly kind: 'call'; readonly attributes: BudgetAttributes }
  | {
      readonly kind: 'list';
      /** Of single customers: budgets over them, in an amount that customers may see. */
      readonly customers: ReadScope['customers'];
      /** Whether budgets that count the vendor's own cost are left out. */
      readonly chargedOnly: boolean;
      readonly ids: readonly string[] | null;
      /** Id after which to go on, or null. */
      readonly after: string | null;
      readonly limit: number;
    };

/** A part of a budget that is held for one call. */
export interface BudgetHold {
  readonly budgetId: string;
  readonly amount: string;
  readonly tokens: number;
}

/** A hold to be taken, if the budgets allow it. */
export interface ReservationDraft {
  readonly id: string;
  /** What was asked, in one form; the same id with another body is a conflict. */
  readonly body: string;
  readonly customerId: string | null;
  readonly attributes: BudgetAttributes;
  readonly liftsAt: number;
  /** Decides under the lock of all budgets that the call falls under. Null: nothing is held. */
  decide(readings: readonly BudgetReading[]): readonly BudgetHold[] | null;
}

/** What came of a reservation. `held` until `liftsAt`; `known`: the same one was held already. */
export interface ReservationOutcome {
  readonly status: 'held' | 'known' | 'conflict' | 'refused';
  readonly readings: readonly BudgetReading[];
  readonly liftsAt: number | null;
}

/** Budgets of an organization. Reading brings what counts to the head of the log, so no answer lags behind it. */
export interface BudgetStore {
  /** All or none; a budget equal to what is stored is unchanged. Another scope, limit or window counts anew. */
  putBudgets(budgets: readonly BudgetRecord[], at: number): Promise<PutCount>;
  /** With all that is held under it. False when there is none. */
  deleteBudget(id: string): Promise<boolean>;
  /** Budgets by id, whoever they are of, in order of id; without what counts. */
  budgetsById(ids: readonly string[]): Promise<readonly StoredBudget[]>;
  /** In order of id. Records levels that were passed. */
  readBudgets(selection: BudgetSelection, rules: BudgetRules, at: number): Promise<readonly BudgetReading[]>;
  /** One after the other for each budget, also between processes, so that no two calls get the same rest. */
  reserveBudgets(draft: ReservationDraft, rules: BudgetRules, at: number): Promise<ReservationOutcome>;
  /**
   * Lifts a hold at `liftsAt`, or as soon as the cost of event `eventId` is in. Holds of other customers than
   * `customerId` are left alone, unless that is null. False when nothing is held.
   */
  releaseBudgets(release: {
    readonly id: string;
    readonly customerId: string | null;
    readonly eventId: string | null;
    readonly liftsAt: number;
  }): Promise<boolean>;
}
