import { infiniteQueryOptions, queryOptions, type InfiniteData } from '@tanstack/react-query';
import type { BudgetAnswer, BudgetsAnswer } from '@tallykit/protocol';
import type { TallykitClient } from '../create-client.ts';
import type { BudgetsParams } from '../resources/budgets.ts';
import { questionKey } from './query-keys.ts';
import { refetchInterval, staleTime } from './refresh-rule.ts';

/**
 * Options of the first page of budgets, at most 100 unless told, each with where it stands; asked again every minute.
 *
 * @example
 * const { data } = useQuery(budgetsQuery(client, { customerId: 'cus_42' }));
 * const over = data?.budgets.filter(({ status }) => status.state === 'over');
 */
export function budgetsQuery(client: TallykitClient, params: Omit<BudgetsParams, 'cursor'> = {}) {
  const principal = client.session.principal();
  const queryKey = questionKey(principal, 'budgets', [params]);
  return queryOptions<BudgetsAnswer, Error, BudgetsAnswer, typeof queryKey>({
    queryKey,
    queryFn: ({ signal }) => client.budgets.list(params, { signal, principal }),
    staleTime,
    refetchInterval,
    refetchIntervalInBackground: false,
    retry: false,
  });
}

/**
 * Options of all budgets for `useInfiniteQuery`, page by page in order of id.
 *
 * @example
 * const { data, fetchNextPage } = useInfiniteQuery(budgetPagesQuery(client));
 */
export function budgetPagesQuery(client: TallykitClient, params: Omit<BudgetsParams, 'cursor'> = {}) {
  const principal = client.session.principal();
  const queryKey = questionKey(principal, 'budgets', ['pages', params]);
  return infiniteQueryOptions<
    BudgetsAnswer,
    Error,
    InfiniteData<BudgetsAnswer>,
    typeof queryKey,
    string | undefined
  >({
    queryKey,
    queryFn: ({ signal, pageParam }) =>
      client.budgets.list({ ...params, cursor: pageParam }, { signal, principal }),
    initialPageParam: undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: 60_000,
    retry: false,
  });
}

/**
 * Options of one budget and where it stands.
 *
 * @example
 * const { data } = useQuery(budgetQuery(client, 'monthly-cap'));
 */
export function budgetQuery(client: TallykitClient, id: string) {
  const principal = client.session.principal();
  const queryKey = questionKey(principal, 'budgets', ['one', id]);
  return queryOptions<BudgetAnswer, Error, BudgetAnswer, typeof queryKey>({
    queryKey,
    queryFn: ({ signal }) => client.budgets.get(id, { signal, principal }),
    staleTime,
    refetchInterval,
    refetchIntervalInBackground: false,
    retry: false,
  });
}
