import type { Grain } from '@tallykit/protocol';
import type { Span } from '../datasets/question.ts';
import { tooDetailed } from '../datasets/dataset-problems.ts';
import {
  addDays,
  bucketsBetween,
  dayOf,
  quarterHourEnd,
  startOfDay,
  type BucketSpan,
} from '../primitives/time-bucket.ts';
import { invalidParameters } from './insight-problems.ts';
import type { InsightParameters } from './read-parameters.ts';

/** What the range of an insight depends on. */
export interface RangeContext {
  readonly timeZone: string;
  /** Unix milliseconds. */
  readonly now: number;
  /** Days when no `from` is told, the last one included. */
  readonly defaultDays: number;
}

/** The range that was asked for: up to the quarter of an hour that holds now, unless told. */
export function askedRange(
  { from, to, month }: Pick<InsightParameters, 'from' | 'to' | 'month'>,
  { timeZone, now, defaultDays }: RangeContext,
): Span {
  const present = quarterHourEnd(now);
  if (month !== null) {
    const [start, end] = monthSpan(month, timeZone);
    return { from: start, to: start < present ? Math.min(end, present) : end };
  }
  const end = to ?? present;
  const start = from ?? startOfDay(addDays(dayOf(end - 1, timeZone), 1 - defaultDays), timeZone);
  if (start >= end) {
    throw invalidParameters([
      from === null
        ? { pointer: 'to', detail: 'Must be after the start of the range.' }
        : { pointer: 'from', detail: `Must be before ${to === null ? 'now' : '"to"'}.` },
    ]);
  }
  return { from: start, to: end };
}

function monthSpan(month: string, timeZone: string): readonly [number, number] {
  const first = `${month}-01`;
  return [startOfDay(first, timeZone), startOfDay(firstOfNextMonth(first), timeZone)];
}

/** The first day of the month after the one that holds a day. */
export function firstOfNextMonth(day: string): string {
  return `${addDays(`${day.slice(0, 7)}-01`, 31).slice(0, 7)}-01`;
}

/**
 * A range widened to whole hours or days of a zone, so that its first and last bucket are not cut and sums can answer.
 * The open end stays as it is. An answer tells the range that it holds.
 */
export function widenRange({ from, to }: Span, unit: 'hour' | 'day', { timeZone, now }: RangeContext): Span {
  const first = bucketsBetween({ from, to: from + 1 }, unit, timeZone)[0];
  const last = bucketsBetween({ from: to - 1, to }, unit, timeZone)[0];
  return { from: first?.start ?? from, to: to > now ? to : (last?.end ?? to) };
}

const shortestMs: Readonly<Record<Grain, number>> = {
  hour: 3_600_000,
  day: 82_800_000,
  week: 601_200_000,
  month: 2_415_600_000,
};

/** More buckets than this are more than a chart shows and a reader reads. */
export const maxBuckets = 2000;

/** The buckets of a range; throws 400 `too_detailed` when they are too many. */
export function bucketsOf(range: Span, grain: Grain, timeZone: string): readonly BucketSpan[] {
  if ((range.to - range.from) / shortestMs[grain] > maxBuckets) {
    throw tooDetailed(
      `The range has more than ${maxBuckets} buckets: ask by a wider grain, or a shorter range.`,
    );
  }
  return bucketsBetween(range, grain, timeZone);
}
