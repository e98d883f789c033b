import type { CostLine, TokenUsage, UsageEvent } from '@tallykit/protocol';

/** A call's cost as pricing computed it, not yet in the ledger. */
export interface CostDraft {
  readonly kind: 'pending' | 'priced';
  /** Code of why there is no amount, or a note on a priced one (`not_billed`). */
  readonly reason: string | null;
  readonly currency: string | null;
  readonly list: string | null;
  readonly effective: string | null;
  readonly charge: string | null;
  readonly listPriceId: string | null;
  readonly effectivePriceId: string | null;
  /** Lines of the effective amount. */
  readonly lines: readonly CostLine[];
}

/** One validated event, ready to be written. */
export interface AppendEvent {
  readonly event: UsageEvent;
  /** SHA-256 (hex) of the parsed event with decimals normalized. */
  readonly hash: string;
  /** Unix milliseconds of the bucket it belongs to: its start, or its receipt when its clock was ahead. */
  readonly occurredAt: number;
  readonly receivedAt: number;
  readonly clockAhead: boolean;
  /** Name of the key it came with, or null in process. */
  readonly keyId: string | null;
  /** Present on every `llm_call` that counts or carries usage; absent on other events. */
  readonly cost: CostDraft | null;
}

/** Events of one organization that are written in one transaction. */
export interface AppendBatch {
  readonly events: readonly AppendEvent[];
  /** The price version that the drafts were computed with. */
  readonly priceVersion: number;
}

/** What happened to one event of a batch, in the order of the batch. */
export interface AppendOutcome {
  readonly outcome: 'accepted' | 'duplicate' | 'conflict';
  /** The event that counts instead, when this one is a second sighting of its response. */
  readonly supersededBy: string | null;
}

/**
 * `appended`: all of it is durable. `stale_prices`: nothing was written, because a price changed since the drafts were
 * computed; compute them again with `priceVersion`.
 */
export type AppendResult =
  | { readonly status: 'appended'; readonly outcomes: readonly AppendOutcome[]; readonly head: number }
  | { readonly status: 'stale_prices'; readonly priceVersion: number };

/** A call that waits for a cost, or whose cost is looked at again. */
export interface PricedCall {
  readonly eventId: string;
  readonly event: UsageEvent;
  readonly occurredAt: number;
  /** Usage that counts for it: its own, or that of a second sighting. */
  readonly usage: TokenUsage | null;
  /** The entry that stands now. */
  readonly current: CostDraft;
}

/** Which calls to look at again. */
export interface CostReviewQuery {
  readonly calls: 'pending' | 'all';
  readonly from: number | null;
  readonly to: number | null;
  readonly provider: string | null;
  readonly model: string | null;
  /** Event id after which to go on, or null. */
  readonly after: string | null;
  readonly limit: number;
}

/**
 * New costs of calls already in the log. A pending call is settled; a priced one is reversed (a `reversed` entry with the
 * negated amounts) and priced again. A revision equal to what stands is left out.
 */
export interface CostRevision {
  readonly eventId: string;
  /** The entry the revision was computed against; where another stands by now, the revision is left out. */
  readonly expected: CostDraft;
  readonly next: CostDraft;
}

/** Where the log stands. */
export interface LogHead {
  readonly sequence: number;
  readonly priceVersion: number;
}

/** A count of something that a tracker lost, as it reported it. */
export interface ReportedLoss {
  readonly reason: string;
  readonly count: number;
}

/** The write side of the log. */
export interface AppendStore {
  /** Claims ids and response ids, writes events and cost entries under the organization's lock, in one transaction. */
  append(batch: AppendBatch): Promise<AppendResult>;
  /** Appends cost entries to calls already in the log; `stale_prices` as in {@link AppendResult}. Returns how many took effect. */
  reviseCosts(
    revisions: readonly CostRevision[],
    priceVersion: number,
  ): Promise<{ readonly status: 'appended' | 'stale_prices'; readonly applied: number }>;
  /** Calls to look at again, by ascending event id. */
  callsForReview(query: CostReviewQuery): Promise<readonly PricedCall[]>;
  logHead(): Promise<LogHead>;
  recordLosses(losses: readonly ReportedLoss[], at: number, keyId: string | null): Promise<void>;
  /** Makes raw partitions for the days from `from` to `to` (Unix milliseconds), so that no event finds none. */
  ensurePartitions(from: number, to: number): Promise<void>;
}
