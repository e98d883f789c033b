import type { TimeBucket, TimeRange } from '@tallykit/protocol';

/** The instant at which all example answers were given: 20 November 2026, 10:42 in Berlin. */
export const exampleNow = '2026-11-20T09:42:00.000Z';

/** The zone of all example answers. Its clocks change on 25 October 2026, within the example range. */
export const exampleZone = 'Europe/Berlin';

/** Midnight in Berlin on a day of autumn 2026, counted from 1 October; 0 is 1 October. */
function midnight(day: number): string {
  // Summer time ends on 25 October (day 24), so later midnights are an hour further from UTC midnight.
  const offset = day <= 24 ? 2 : 1;
  return new Date(Date.UTC(2026, 9, 1 + day, -offset)).toISOString();
}

/** Days in Berlin from one to the last, counted from 1 October 2026; 50 is 20 November, which is still open. */
export function exampleDays(first: number, last: number): readonly TimeBucket[] {
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const day = first + index;
    return { start: midnight(day), end: midnight(day + 1), open: day === 50 };
  });
}

/** The range from the start of a day to the start of another. */
export function exampleRange(first: number, end: number): TimeRange {
  return { from: midnight(first), to: midnight(end), timeZone: exampleZone };
}

/** A wave that is the same in every run, between 0.5 and 1.5, lower at weekends. */
export function wave(day: number, phase: number): number {
  const weekend = day % 7 === 2 || day % 7 === 3 ? 0.66 : 1;
  return (
    weekend * (1 + 0.22 * Math.sin(day * 1.7 + phase) + 0.12 * Math.cos(day * 0.6 + phase * 3) + day * 0.004)
  );
}
