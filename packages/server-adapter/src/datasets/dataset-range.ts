import { addDays, dayOf, startOfDay } from '../primitives/time-bucket.ts';
import type { Span } from './question.ts';

/** First and last instant that a range may begin or end with: 1970 up to 2199. */
const supported = { from: 0, to: Date.UTC(2200, 0, 1) };

/** Whether an instant is one that a range may begin or end with; stores and calendars differ beyond. */
export function isSupportedInstant(ms: number): boolean {
  return ms >= supported.from && ms <= supported.to;
}

/** What a query's range depends on. Instants are Unix milliseconds. */
export interface RangeRequest {
  readonly from: number | null;
  readonly to: number | null;
  readonly timeZone: string;
  readonly now: number;
  /** Days of the range when `from` is not told, the day of `to` included. */
  readonly defaultDays: number;
  /** Days that the dataset shows, today included. */
  readonly keptDays: number;
}

/** The range of a query, what of it is read, and where it was cut off. */
export interface DatasetRange {
  readonly asked: Span;
  readonly read: Span;
  /** Nothing before this instant is read; null when the range does not reach back so far. */
  readonly truncatedBefore: number | null;
}

/**
 * The range that a query means: whole days up to now unless told, and never further back than the dataset shows. What was
 * cut off is told, since rows of nothing would look like days without use.
 */
export function datasetRange({ from, to, timeZone, now, defaultDays, keptDays }: RangeRequest): DatasetRange {
  const end = to ?? now;
  const lastDay = dayOf(end - 1, timeZone);
  const asked = { from: from ?? startOfDay(addDays(lastDay, 1 - defaultDays), timeZone), to: end };
  const edge = startOfDay(addDays(dayOf(now, timeZone), 1 - keptDays), timeZone);
  if (asked.from >= edge) return { asked, read: asked, truncatedBefore: null };
  return {
    asked,
    read: { from: Math.min(edge, asked.to), to: asked.to },
    truncatedBefore: edge,
  };
}
