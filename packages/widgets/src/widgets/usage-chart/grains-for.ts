import type { Grain, TimeRange } from '@tallykit/protocol';

const day = 86_400_000;

/** The steps that give a readable picture of a range: neither a single bucket nor hundreds of them. */
export function grainsFor(range: Pick<TimeRange, 'from' | 'to'>): readonly Grain[] {
  const days = (Date.parse(range.to) - Date.parse(range.from)) / day;
  if (days <= 3) return ['hour', 'day'];
  if (days <= 14) return ['hour', 'day', 'week'];
  if (days <= 45) return ['day', 'week'];
  return ['day', 'week', 'month'];
}
