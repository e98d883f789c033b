import type { BudgetWindow } from '@tallykit/protocol';
import { bucketsBetween } from '../primitives/time-bucket.ts';
import type { BudgetSpan } from '../storage/contract/budget-store.ts';

/**
 * The window that holds an instant, by the calendar of a zone: a day has 23 to 25 hours there, a week begins on Monday.
 *
 * @example
 * spanOfWindow('month', Date.parse('2026-11-20T10:42:00Z'), 'Europe/Berlin'); // from 2026-10-31T23:00:00Z
 */
export function spanOfWindow(window: BudgetWindow, now: number, timeZone: string): BudgetSpan {
  if (window === 'total') return { from: 0, to: null };
  const [bucket] = bucketsBetween({ from: now, to: now + 1 }, window, timeZone);
  if (bucket === undefined) throw new RangeError(`${now} is no instant, so no ${window} holds it.`);
  return { from: bucket.start, to: bucket.end };
}
