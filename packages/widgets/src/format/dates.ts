import type { Grain } from '@tallykit/protocol';

/** Formats instants of one locale and zone; see {@link createDateFormat}. All take ISO 8601 instants in UTC. */
export interface DateFormat {
  /** `22 Oct` (in the order of the locale). */
  readonly day: (instant: string) => string;
  /** `22 Oct, 10:42`. */
  readonly dayTime: (instant: string) => string;
  /** `10:42`. */
  readonly time: (instant: string) => string;
  /** From one day to another, both included: `1 – 20 Nov`. */
  readonly days: (first: string, last: string) => string;
  /** `November`. */
  readonly month: (instant: string) => string;
  /** The short name of a bucket, for an axis. */
  readonly bucket: (start: string, grain: Grain) => string;
  /** The full name of a bucket, for a tooltip or a table: `Sun, 22 Oct 2026`. */
  readonly bucketName: (start: string, grain: Grain) => string;
  /** A calendar day without zone, `2026-11-20`: `20 Nov`. */
  readonly calendarDay: (day: string) => string;
  /** Calendar days from one to the other, both included: `19 – 20 Nov`. */
  readonly calendarDays: (first: string, last: string) => string;
}

const bucketNames: Readonly<Record<Grain, Intl.DateTimeFormatOptions>> = {
  hour: { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  day: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  week: { day: 'numeric', month: 'short', year: 'numeric' },
  month: { month: 'long', year: 'numeric' },
};

const bucketLabels: Readonly<Record<Grain, Intl.DateTimeFormatOptions>> = {
  hour: { hour: '2-digit', minute: '2-digit' },
  day: { day: 'numeric', month: 'short' },
  week: { day: 'numeric', month: 'short' },
  month: { month: 'short', year: '2-digit' },
};

/**
 * Turns instants into dates of one IANA zone, in the order and words of one locale.
 *
 * @example
 * createDateFormat('en-GB', 'Europe/Berlin').day('2026-11-19T23:30:00Z'); // '20 Nov'
 */
export function createDateFormat(locale: string, timeZone: string): DateFormat {
  const known = new Map<string, Intl.DateTimeFormat>();
  function format(key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    let made = known.get(key);
    if (!made) {
      made = new Intl.DateTimeFormat(locale, { timeZone, ...options });
      known.set(key, made);
    }
    return made;
  }
  const short: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };
  const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
  // A calendar day has no zone: noon in UTC, read in UTC, is that day everywhere.
  const noon = (day: string): Date => new Date(`${day}T12:00:00Z`);
  const calendar = (): Intl.DateTimeFormat => format('calendar', { ...short, timeZone: 'UTC' });
  return {
    day: (instant) => format('day', short).format(new Date(instant)),
    dayTime: (instant) => format('day time', { ...short, ...clock }).format(new Date(instant)),
    time: (instant) => format('time', clock).format(new Date(instant)),
    days: (first, last) => format('day', short).formatRange(new Date(first), new Date(last)),
    month: (instant) => format('month', { month: 'long' }).format(new Date(instant)),
    bucket: (start, grain) => format(`label ${grain}`, bucketLabels[grain]).format(new Date(start)),
    bucketName: (start, grain) => format(`name ${grain}`, bucketNames[grain]).format(new Date(start)),
    calendarDay: (day) => calendar().format(noon(day)),
    calendarDays: (first, last) => calendar().formatRange(noon(first), noon(last)),
  };
}
