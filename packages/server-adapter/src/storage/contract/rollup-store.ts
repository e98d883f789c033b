/** One step of the rollup consumer. */
export interface RollupStep {
  /** Cursor before and after; equal when nothing was left to do. */
  readonly from: number;
  readonly to: number;
  readonly head: number;
}

/** One figure of a rollup that differs from its recomputation from raw events. */
export interface RollupDrift {
  readonly node: string;
  /** Unix milliseconds of the bucket. */
  readonly bucket: number;
  readonly key: Readonly<Record<string, string | null>>;
  readonly measure: string;
  readonly stored: string | null;
  readonly recomputed: string | null;
}

/** Sums that follow the log. The cursor moves in the transaction of the effect. */
export interface RollupStore {
  /** Sums at most `limit` log entries after the cursor. Two processes may call it at once: one of them does nothing. */
  advanceRollups(limit: number): Promise<RollupStep>;
  /** Recomputes the buckets of a range from raw and tells what differs; an empty list is what must come back. */
  checkRollups(range: { readonly from: number; readonly to: number }): Promise<readonly RollupDrift[]>;
  /** Throws away all sums and makes them again from raw. */
  rebuildRollups(): Promise<void>;
}
