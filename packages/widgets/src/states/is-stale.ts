import type { Cadence, Freshness } from '@tallykit/protocol';

const minute = 60_000;

/** How old an answer of each cadence may be before it is called stale, in milliseconds; null: its age says nothing. */
const allowance: Readonly<Record<Cadence, number | null>> = {
  live: 10 * minute,
  // Written only when something changes, so it may be old and still current.
  on_write: null,
  hourly: 120 * minute,
  daily: 26 * 60 * minute,
  nightly: 26 * 60 * minute,
};

/**
 * Whether figures are older than their own cadence allows.
 *
 * @param now in milliseconds since 1970.
 *
 * @example
 * const { freshness } = await client.insights.get('token-spend');
 * if (isStale(freshness, Date.now())) askAgain();
 */
export function isStale(freshness: Pick<Freshness, 'asOf' | 'cadence'>, now: number): boolean {
  const allowed = allowance[freshness.cadence];
  return allowed !== null && now - Date.parse(freshness.asOf) > allowed;
}
