/** A period that a panel can show. */
export type Period = '7d' | '30d' | '90d';

/** The choices of a period, shortest first. */
export const periods: readonly { readonly value: Period; readonly label: string; readonly days: number }[] = [
  { value: '7d', label: '7 d', days: 7 },
  { value: '30d', label: '30 d', days: 30 },
  { value: '90d', label: '90 d', days: 90 },
];

/** First instant of a period that ends now: whole hours, so that the same question keeps the same cache entry. */
export function periodStart(period: Period, now: number): string {
  const days = periods.find((candidate) => candidate.value === period)?.days ?? 30;
  const hour = 3_600_000;
  return new Date(Math.floor((now - days * 24 * hour) / hour) * hour).toISOString();
}
