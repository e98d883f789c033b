import { queryOptions } from '@tanstack/react-query';
import type { CallAnswer } from '@tallykit/protocol';
import type { TallykitClient } from '../create-client.ts';
import { questionKey } from './query-keys.ts';

/** Options of one call with its cost entries, by the event's id. A call changes only when its cost is settled. */
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
