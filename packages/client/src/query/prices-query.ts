import { infiniteQueryOptions, type InfiniteData } from '@tanstack/react-query';
import type { PricesAnswer } from '@tallykit/protocol';
import type { TallykitClient } from '../create-client.ts';
import type { PricesParams } from '../resources/prices.ts';
import { questionKey } from './query-keys.ts';

/**
 * Options of the price book for `useInfiniteQuery`, page by page. Operators only.
 *
 * @example
 * const { data, fetchNextPage } = useInfiniteQuery(pricesQuery(client, { provider: 'openai' }));
 */
export function pricesQuery(client: TallykitClient, params: Omit<PricesParams, 'cursor'> = {}) {
  const principal = client.session.principal();
  const queryKey = questionKey(principal, 'prices', [params]);
  return infiniteQueryOptions<
    PricesAnswer,
    Error,
    InfiniteData<PricesAnswer>,
    typeof queryKey,
    string | undefined
  >({
    queryKey,
    queryFn: ({ signal, pageParam }) =>
      client.prices.list({ ...params, cursor: pageParam }, { signal, principal }),
    initialPageParam: undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: 5 * 60_000,
    retry: false,
  });
}
