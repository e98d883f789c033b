import { queryOptions } from '@tanstack/react-query';
import type { SessionAnswer } from '@tallykit/protocol';
import type { TallykitClient } from '../create-client.ts';
import { questionKey } from './query-keys.ts';

/**
 * Options of "who am I": role, customer, permissions. Asked again when the page gets the focus back, so that a change
 * of the signed-in person in another tab is noticed.
 *
 * @example
 * const { data } = useQuery(sessionQuery(client));
 * const mayPrice = data?.permissions.includes('pricing.manage') ?? false;
 */
export function sessionQuery(client: TallykitClient) {
  const principal = client.session.principal();
  const queryKey = questionKey(principal, 'session', []);
  return queryOptions<SessionAnswer, Error, SessionAnswer, typeof queryKey>({
    queryKey,
    queryFn: ({ signal }) => client.session.get({ signal, principal }),
    staleTime: 5 * 60_000,
    refetchOnWindowFocus: 'always',
    retry: false,
  });
}
