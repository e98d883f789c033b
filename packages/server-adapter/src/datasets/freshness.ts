import type { Cadence, Freshness } from '@tallykit/protocol';
import type { Asker } from './run-query.ts';
import type { PendingFigure, Reading, Span } from './question.ts';

/** What an answer says of itself, put together from everything that was read for it. */
export interface FreshnessParts {
  readonly asker: Pick<Asker, 'engine' | 'now'>;
  readonly cadence: Cadence;
  readonly readings: readonly Reading[];
  readonly pending?: PendingFigure | undefined;
  /** The buckets of the answer; the one that holds now is open. */
  readonly buckets?: readonly { readonly start: number; readonly end: number }[] | undefined;
  /** Fields withheld besides those of the readings. */
  readonly withheld?: readonly string[] | undefined;
}

/** How current an answer is: as old as the oldest of its readings, withholding what any of them withheld. */
export function freshnessOf({
  asker,
  cadence,
  readings,
  pending,
  buckets,
  withheld,
}: FreshnessParts): Freshness {
  const open = buckets?.find(({ start, end }) => start <= asker.now && asker.now < end);
  return {
    asOf: instant(Math.min(...readings.map((reading) => reading.asOf))),
    cadence,
    openBucket: open ? { start: instant(open.start), end: instant(open.end) } : null,
    pending: pending ?? { calls: 0, tokens: null },
    withheld: [...new Set([...readings.flatMap((reading) => reading.withheld), ...(withheld ?? [])])],
    engine: asker.engine,
  };
}

/** Unix milliseconds as the wire says them. */
export function instant(ms: number): string {
  return new Date(ms).toISOString();
}

/** A span of time as the wire says it. */
export function timeRange(
  { from, to }: Span,
  timeZone: string,
): { from: string; to: string; timeZone: string } {
  return { from: instant(from), to: instant(to), timeZone };
}
