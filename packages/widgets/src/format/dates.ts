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
 * Versions of `Intl` disagree on which thin space stands in a date; a page that was rendered on a server would not be
 * the same in the browser.
 */
function plainSpaces(text: string): string {
  return text.replace(/[\u2009\u202f]/g, ' ');
}

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
  const write = (made: Intl.DateTimeFormat, date: Date): string => plainSpaces(made.format(date));
  const writeRange = (made: Intl.DateTimeFormat, first: Date, last: Date): string =>
    plainSpaces(made.formatRange(first, last));
  return {
    day: (instant) => write(format('day', short), new Date(instant)),
    dayTime: (instant) => write(format('day time', { ...short, ...clock }), new Date(instant)),
    time: (instant) => write(format('time', clock), new Date(instant)),
    days: (first, last) => writeRange(format('day', short), new Date(first), new Date(last)),
    month: (instant) => write(format('month', { month: 'long' }), new Date(instant)),
    bucket: (start, grain) => write(format(`label ${grain}`, bucketLabels[grain]), new Date(start)),
    bucketName: (start, grain) => write(format(`name ${grain}`, bucketNames[grain]), new Date(start)),
    calendarDay: (day) => write(calendar(), noon(day)),
    calendarDays: (first, last) => writeRange(calendar(), noon(first), noon(last)),
  };
}
