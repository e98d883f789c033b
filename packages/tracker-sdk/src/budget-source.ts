import type { LossReason } from '@tallykit/protocol';
import type { Attribution } from './context/attribution.ts';
import type { FetchFunction } from './delivery/send-batch.ts';
import type { ObservedCall } from './observe/call-recorder.ts';

/** What a budget is asked for: each part narrows it. */
export type BudgetScope = Pick<Attribution, 'customerId' | 'productId' | 'flow'>;

/** What one budget says of a call, as far as the asker may know it. */
export interface BudgetUse {
  readonly id: string;
  readonly name: string | null;
  readonly decision: 'allow' | 'throttle' | 'block';
  /** `warned` from the lowest of its warning levels on, `over` from its limit on. */
  readonly state: 'inside' | 'warned' | 'over';
  /** When its window ends and counting starts anew, as an ISO time; null for a budget without an end. */
  readonly resetsAt: string | null;
}

/** Whether a call may be made. */
export interface BudgetDecision {
  readonly allowed: boolean;
  readonly decision: 'allow' | 'throttle' | 'block';
  /** Why it was allowed without a decision of the server; absent when the server decided. */
  readonly reason?: 'not_configured' | 'unavailable' | undefined;
  readonly budgets: readonly BudgetUse[];
}

/** How a budget source reaches the server, and what it needs of the tracker. */
export interface BudgetConnection {
  readonly endpoint?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly fetch?: FetchFunction | undefined;
  readonly now: () => number;
  readonly newId: (milliseconds: number) => string;
  readonly lose: (reason: LossReason) => void;
}

/** Answers for a tracker. */
export interface BudgetGate {
  /** Never rejects: what cannot be decided is allowed, with a reason. */
  readonly check: (scope: BudgetScope) => Promise<BudgetDecision>;
  /**
   * In guard mode: resolves when the call may go out, rejects with a `TrackerError` (`budget_exceeded`) when not.
   * What it reserved is released when the call ends.
   */
  readonly admit?: ((call: ObservedCall, attribution: Attribution) => Promise<void>) | undefined;
}

/** Made by `budgets()` of `@tallykit/tracker-sdk/budgets`. */
export interface BudgetSource {
  readonly connect: (connection: BudgetConnection) => BudgetGate;
}
