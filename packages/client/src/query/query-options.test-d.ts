import type { InfiniteData } from '@tanstack/react-query';
import { QueryClient, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import type {
  CallAnswer,
  DatasetAnswer,
  PricesAnswer,
  RevenueHero,
  SessionAnswer,
  SettleAnswer,
  TokenSpend,
  ConversationAnswer,
  TraceAnswer,
  UsageOverTime,
} from '@tallykit/protocol';
import { expectTypeOf } from 'vitest';
import type { TallykitClient } from '../create-client.ts';
import {
  callQuery,
  datasetQuery,
  insightQuery,
  pricesQuery,
  sessionQuery,
  settlePricesMutation,
  conversationQuery,
  traceQuery,
} from './index.ts';

declare const client: TallykitClient;
const queryClient = new QueryClient();

/** The answer follows the id, through every way of asking. */
export function useAnswers(): void {
  expectTypeOf(useQuery(insightQuery(client, 'token-spend')).data).toEqualTypeOf<TokenSpend | undefined>();
  expectTypeOf(useSuspenseQuery(insightQuery(client, 'revenue-hero')).data).toEqualTypeOf<RevenueHero>();
  expectTypeOf(
    queryClient.fetchQuery(insightQuery(client, 'usage-over-time')),
  ).resolves.toEqualTypeOf<UsageOverTime>();
  expectTypeOf(client.insights.get('token-spend')).resolves.toEqualTypeOf<TokenSpend>();
  expectTypeOf(queryClient.getQueryData(insightQuery(client, 'token-spend').queryKey)).toEqualTypeOf<
    TokenSpend | undefined
  >();
  expectTypeOf(
    useQuery({ ...insightQuery(client, 'usage-over-time'), select: (answer) => answer.series.length }).data,
  ).toEqualTypeOf<number | undefined>();

  expectTypeOf(useQuery(datasetQuery(client, 'token_usage', { measures: ['cost'] })).data).toEqualTypeOf<
    DatasetAnswer | undefined
  >();
  expectTypeOf(useQuery(callQuery(client, 'id')).data).toEqualTypeOf<CallAnswer | undefined>();
  expectTypeOf(useQuery(conversationQuery(client, 'id')).data).toEqualTypeOf<
    ConversationAnswer | undefined
  >();
  expectTypeOf(useQuery(traceQuery(client, 'id')).data).toEqualTypeOf<TraceAnswer | undefined>();
  expectTypeOf(useQuery(sessionQuery(client)).data).toEqualTypeOf<SessionAnswer | undefined>();
  expectTypeOf(queryClient.fetchInfiniteQuery(pricesQuery(client))).resolves.toExtend<
    InfiniteData<PricesAnswer>
  >();
  expectTypeOf(
    settlePricesMutation({ client, queryClient }).mutationFn,
  ).returns.resolves.toEqualTypeOf<SettleAnswer>();
}

// Parameters follow the id as well.
insightQuery(client, 'usage-over-time', { groupBy: 'model', grain: 'hour', top: 3 });
// @ts-expect-error -- revenue has no groups
insightQuery(client, 'revenue-hero', { groupBy: 'model' });
// @ts-expect-error -- no such grain
insightQuery(client, 'usage-over-time', { grain: 'minute' });
// @ts-expect-error -- no such insight
insightQuery(client, 'token-spent');
// @ts-expect-error -- reconciliation counts UTC days, as providers report them
insightQuery(client, 'reconciliation-status', { timeZone: 'Europe/Berlin' });
// @ts-expect-error -- not a dataset
datasetQuery(client, 'tokens', { measures: ['cost'] });
// @ts-expect-error -- a question needs a measure
void client.datasets.query('token_usage', {});
