import type { Grain } from '@tallykit/protocol';
import { Temporal } from 'temporal-polyfill';

/** One bucket of time in Unix milliseconds: `start` inclusive, `end` exclusive. */
export interface BucketSpan {
  readonly start: number;
  readonly end: number;
}

const hourMs = 3_600_000;
/** A quarter of an hour in milliseconds: the finest bucket, and the step of every zone's offset. */
export const quarterHourMs = 900_000;

function zoned(ms: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone);
}

function startOfDate(date: Temporal.PlainDate, timeZone: string): number {
  return date.toZonedDateTime(timeZone).epochMilliseconds;
}

// The first date of the bucket that holds `date`.
function firstDate(date: Temporal.PlainDate, grain: 'day' | 'week' | 'month'): Temporal.PlainDate {
  if (grain === 'week') return date.subtract({ days: date.dayOfWeek - 1 });
  return grain === 'month' ? date.with({ day: 1 }) : date;
}

/**
 * Start of the bucket that holds an instant, as clocks and calendars of the zone show it. Weeks begin on Monday. An hour
 * that a zone repeats is two buckets; a day that it skips is none.
 *
 * @example
 * bucketStart(Date.parse('2026-11-20T10:42:00Z'), 'day', 'Europe/Berlin'); // 2026-11-19T23:00:00Z
 */
export function bucketStart(ms: number, grain: Grain, timeZone: string): number {
  const local = zoned(ms, timeZone);
  if (grain === 'hour') {
    return local.round({ smallestUnit: 'hour', roundingMode: 'floor' }).epochMilliseconds;
  }
  return startOfDate(firstDate(local.toPlainDate(), grain), timeZone);
}

function nextBucketStart(start: number, grain: Grain, timeZone: string): number {
  if (grain === 'hour') {
    let next = start + hourMs;
    let nextStart = bucketStart(next, grain, timeZone);
    // Lord Howe puts its clocks back by half an hour: that hour lasts ninety minutes.
    while (nextStart <= start) {
      next += quarterHourMs;
      nextStart = bucketStart(next, grain, timeZone);
    }
    return nextStart;
  }
  const first = firstDate(zoned(start, timeZone).toPlainDate(), grain);
  const unit = grain === 'day' ? { days: 1 } : grain === 'week' ? { days: 7 } : { months: 1 };
  return startOfDate(first.add(unit), timeZone);
}

/**
 * All buckets that touch a span, oldest first, without gaps. The first may begin before `from`, the last may end after `to`.
 *
 * @example
 * bucketsBetween({ from, to }, 'day', 'America/New_York'); // 23 to 25 hours each
 */
export function bucketsBetween(
  { from, to }: { readonly from: number; readonly to: number },
  grain: Grain,
  timeZone: string,
): BucketSpan[] {
  const buckets: BucketSpan[] = [];
  if (!(from < to)) return buckets;
  let start = bucketStart(from, grain, timeZone);
  while (start < to) {
    const end = nextBucketStart(start, grain, timeZone);
    buckets.push({ start, end });
    start = end;
  }
  return buckets;
}

/**
 * The calendar day of an instant in a zone.
 *
 * @example
 * dayOf(Date.parse('2026-11-20T23:30:00Z'), 'Europe/Berlin'); // '2026-11-21'
 */
export function dayOf(ms: number, timeZone: string): string {
  return zoned(ms, timeZone).toPlainDate().toString();
}

/**
 * The instant at which a day begins in a zone: not always midnight. A day that the zone skipped begins with the next one.
 *
 * @example
 * startOfDay('2026-11-20', 'Asia/Kathmandu'); // 2026-11-19T18:15:00Z
 */
export function startOfDay(day: string, timeZone: string): number {
  return startOfDate(Temporal.PlainDate.from(day), timeZone);
}

/**
 * The calendar day `days` days later, earlier when it is negative.
 *
 * @example
 * addDays('2026-02-28', 1); // '2026-03-01'
 */
export function addDays(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/**
 * End of the quarter of an hour that holds an instant.
 *
 * @example
 * quarterHourEnd(Date.parse('2026-11-20T10:42:00Z')); // 2026-11-20T10:45:00Z
 */
export function quarterHourEnd(ms: number): number {
  return Math.floor(ms / quarterHourMs) * quarterHourMs + quarterHourMs;
}
