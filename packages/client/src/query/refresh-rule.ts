import type { Freshness } from '@tallykit/protocol';
import { isProblemError } from '../errors/problem-error.ts';

const minute = 60_000;

/**
 * How long until an answer is worth asking for again, in milliseconds. What is live is asked once a minute; a span
 * whose last bucket has closed hardly moves any more, only late events and new prices reach it.
 *
 * @example
 * const { data } = useQuery({ ...insightQuery(client, 'token-spend'), refetchInterval: false });
 * scheduleReload(refreshIntervalOf(data?.freshness));
 */
export function refreshIntervalOf(freshness: Freshness | undefined): number {
  if (freshness === undefined) return minute;
  switch (freshness.cadence) {
    case 'live':
    case 'on_write':
      return freshness.openBucket === null ? 10 * minute : minute;
    case 'hourly':
      return 10 * minute;
    case 'daily':
    case 'nightly':
      return 60 * minute;
    default:
      return minute;
  }
}

/** The part of a query that the rule looks at. */
export interface RefreshedQuery {
  readonly state: {
    readonly data: { readonly freshness: Freshness } | undefined;
    readonly error: unknown;
  };
}

/** When to ask again on a page that is visible. A refusal is not asked again on its own: it would stay one. */
export function refetchInterval(query: RefreshedQuery): number | false {
  const { data, error } = query.state;
  if (isProblemError(error) && error.status < 500 && error.status !== 429) return false;
  return refreshIntervalOf(data?.freshness);
}

/** How long an answer counts as fresh when a widget mounts or the page gets the focus back. */
export function staleTime(query: RefreshedQuery): number {
  return refreshIntervalOf(query.state.data?.freshness) / 2;
}
