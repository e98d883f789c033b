import { queryOptions } from '@tanstack/react-query';
import type { InsightAnswers, InsightId } from '@tallykit/protocol';
import type { TallykitClient } from '../create-client.ts';
import type { InsightParams } from '../resources/insights.ts';
import { keptAnswer } from './kept-answer.ts';
import { questionKey } from './query-keys.ts';
import { refetchInterval, staleTime } from './refresh-rule.ts';

/**
 * Options of one insight for `useQuery`, `prefetchQuery` and their siblings. Refreshed by its cadence while the page is
 * visible; the answer before stays, marked as a placeholder, while another range is fetched.
 *
 * @example
 * const { data } = useQuery(insightQuery(client, 'token-spend', { from: '2026-11-01T00:00:00Z' }));
 */
export function insightQuery<Id extends InsightId>(
  client: TallykitClient,
  id: Id,
  params?: InsightParams[Id],
) {
  const principal = client.session.principal();
  const queryKey = questionKey(principal, 'insight', [id, params ?? {}]);
  return queryOptions<InsightAnswers[Id], Error, InsightAnswers[Id], typeof queryKey>({
    queryKey,
    queryFn: ({ signal }) => client.insights.get(id, params, { signal, principal }),
    staleTime,
    refetchInterval,
    refetchIntervalInBackground: false,
    // The client repeats what is worth repeating.
    retry: false,
    placeholderData: keptAnswer(queryKey),
  });
}
