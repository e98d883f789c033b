import { queryOptions } from '@tanstack/react-query';
import type { TraceAnswer } from '@tallykit/protocol';
import type { TallykitClient } from '../create-client.ts';
import { questionKey } from './query-keys.ts';

/**
 * Options of one trace with its spans and totals. A trace may still grow, so it goes stale soon.
 *
 * @example
 * const { data } = useQuery(traceQuery(client, '4bf92f3577b34da6a3ce929d0e0e4736'));
 */
export function traceQuery(client: TallykitClient, traceId: string) {
  const principal = client.session.principal();
  const queryKey = questionKey(principal, 'trace', [traceId]);
  return queryOptions<TraceAnswer, Error, TraceAnswer, typeof queryKey>({
    queryKey,
    queryFn: ({ signal }) => client.traces.get(traceId, { signal, principal }),
    staleTime: 30_000,
    retry: false,
  });
}
