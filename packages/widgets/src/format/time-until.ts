/** How long until something happens, in the unit in which people would say it. */
export interface TimeUntil {
  readonly unit: 'minutes' | 'hours' | 'days';
  readonly count: number;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * How long it is from one instant to a later one: whole days from two days on, hours from an hour and a half on, else
 * minutes. Null when it has passed.
 *
 * @example
 * timeUntil('2026-11-20T09:42:00Z', '2026-11-30T23:00:00Z'); // { unit: 'days', count: 11 }
 */
export function timeUntil(from: string, to: string): TimeUntil | null {
  const left = Date.parse(to) - Date.parse(from);
  if (!(left > 0)) return null;
  if (left >= 2 * day) return { unit: 'days', count: Math.round(left / day) };
  if (left >= 1.5 * hour) return { unit: 'hours', count: Math.round(left / hour) };
  return { unit: 'minutes', count: Math.ceil(left / minute) };
}
