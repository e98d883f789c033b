import { queryOptions } from '@tanstack/react-query';
import type { CallAnswer } from '@tallykit/protocol';
import type { TallykitClient } from '../create-client.ts';
import { questionKey } from './query-keys.ts';

/**
 * Options of one call with its cost entries, by the event's id. A call changes only when its cost is settled.
 *
 * @example
 * const { data } = useQuery(callQuery(client, '019aa0b1-4c00-7a11-8c0f-6b5e2d9a4f01'));
 */
export function callQuery(client: TallykitClient, id: string) {
  const principal = client.session.principal();
  const queryKey = questionKey(principal, 'call', [id]);
  return queryOptions<CallAnswer, Error, CallAnswer, typeof queryKey>({
    queryKey,
    queryFn: ({ signal }) => client.calls.get(id, { signal, principal }),
    staleTime: (query) => (query.state.data?.cost.state === 'pending' ? 30_000 : 5 * 60_000),
    retry: false,
  });
}
