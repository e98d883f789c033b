import { infiniteQueryOptions, queryOptions, type InfiniteData } from '@tanstack/react-query';
import type { DatasetAnswer, DatasetCatalogue, DatasetId, DatasetQuery } from '@tallykit/protocol';
import type { TallykitClient } from '../create-client.ts';
import { keptAnswer } from './kept-answer.ts';
import { questionKey } from './query-keys.ts';
import { refetchInterval, staleTime } from './refresh-rule.ts';

/**
 * Options of one dataset question.
 *
 * @example
 * const { data } = useQuery(datasetQuery(client, 'token_usage', { measures: ['cost'], dimensions: ['flow'] }));
 */
export function datasetQuery(client: TallykitClient, id: DatasetId, query: DatasetQuery) {
  const principal = client.session.principal();
  const queryKey = questionKey(principal, 'dataset', [id, query]);
  return queryOptions<DatasetAnswer, Error, DatasetAnswer, typeof queryKey>({
    queryKey,
    queryFn: ({ signal }) => client.datasets.query(id, query, { signal, principal }),
    staleTime,
    refetchInterval,
    refetchIntervalInBackground: false,
    retry: false,
    placeholderData: keptAnswer(queryKey),
  });
}

/**
 * Options of a list of single rows, such as `calls`, page by page: `data.pages` are the answers read so far, and
 * `fetchNextPage` reads on. All pages show what was there when the first was read.
 *
 * @example
 * const { data, fetchNextPage } = useInfiniteQuery(datasetPagesQuery(client, 'calls', { measures: ['cost'] }));
 */
export function datasetPagesQuery(
  client: TallykitClient,
  id: DatasetId,
  query: Omit<DatasetQuery, 'cursor'>,
) {
  const principal = client.session.principal();
  const queryKey = questionKey(principal, 'dataset', [id, query, 'pages']);
  return infiniteQueryOptions<
    DatasetAnswer,
    Error,
    InfiniteData<DatasetAnswer>,
    typeof queryKey,
    string | undefined
  >({
    queryKey,
    queryFn: ({ signal, pageParam: cursor }) =>
      client.datasets.query(id, { ...query, cursor }, { signal, principal }),
    initialPageParam: undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    staleTime: 30_000,
    retry: false,
  });
}

/**
 * Options of the catalogue: which datasets, dimensions and measures this principal may ask.
 *
 * @example
 * const { data } = useQuery(datasetsQuery(client));
 */
export function datasetsQuery(client: TallykitClient) {
  const principal = client.session.principal();
  const queryKey = questionKey(principal, 'datasets', []);
  return queryOptions<DatasetCatalogue, Error, DatasetCatalogue, typeof queryKey>({
    queryKey,
    queryFn: ({ signal }) => client.datasets.list({ signal, principal }),
    staleTime: 60 * 60_000,
    retry: false,
  });
}
