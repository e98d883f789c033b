import { queryOptions } from '@tanstack/react-query';
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
