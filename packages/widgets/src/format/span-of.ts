import type { TimeRange } from '@tallykit/protocol';

const hour = 3_600_000;

/** How long a range is, in the unit in which people would say it. */
export interface Span {
  readonly unit: 'hours' | 'days';
  readonly count: number;
}

/**
 * The length of a range in days, or in hours up to two days. A day that has begun counts; the hour that a clock change
 * adds or takes does not.
 *
 * @example
 * spanOf({ from: '2026-10-22T00:00:00Z', to: '2026-11-20T10:42:00Z' }); // { unit: 'days', count: 30 }
 */
export function spanOf(range: Pick<TimeRange, 'from' | 'to'>): Span {
  const hours = (Date.parse(range.to) - Date.parse(range.from)) / hour;
  if (hours <= 36) return { unit: 'hours', count: Math.max(1, Math.ceil(hours)) };
  return { unit: 'days', count: Math.max(1, Math.ceil((hours - 2) / 24)) };
}
