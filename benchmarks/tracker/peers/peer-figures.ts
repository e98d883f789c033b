/** The median of some rounds, with the smallest and the largest. */
export interface Rounds {
  readonly value: number;
  readonly spread: readonly [number, number];
}

/** What was measured of one wrapper; what could not be measured is absent, with its reason in `failures`. */
export interface PeerFigures {
  readonly id: string;
  readonly name: string;
  readonly versions: readonly string[];
  readonly note?: string | undefined;
  readonly seconds: number;
  readonly failures: readonly string[];
  /** Added CPU a call, in microseconds, flush counted in. */
  readonly cpuOneAtATime?: Rounds;
  readonly cpuAtOnce?: Rounds;
  /** Added CPU a streamed chunk, in microseconds. */
  readonly cpuAChunk?: Rounds;
  /** Accepted bytes on the wire a call that arrived. */
  readonly bytesACall?: number;
  readonly requestsAThousand?: number;
  readonly sendsContent?: boolean;
  readonly compresses?: boolean;
  readonly normal?: Share;
  readonly afterBreak?: Share;
  readonly importMs?: Rounds;
  readonly bundleBytes?: number;
  readonly outage?: Share;
  readonly outageHeapAnEvent?: number;
  readonly refusedCalls?: number;
  readonly refusedHeapBytes?: number;
  /** What it said about events that did not arrive. */
  readonly lossesTold?: string;
}

/** Calls that arrived, of those that were made. */
export interface Share {
  readonly made: number;
  readonly arrived: number;
}

/** What one stage found out. */
export type StageFigures = Partial<Omit<PeerFigures, 'id' | 'name' | 'versions' | 'seconds' | 'failures'>>;
