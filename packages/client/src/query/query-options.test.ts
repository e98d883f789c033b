import { type MutationOptions, QueryClient, QueryObserver } from '@tanstack/react-query';
import { describe, expect, test, vi } from 'vitest';
import { ProblemError } from '../errors/problem-error.ts';
import { createFixtureClient } from '../testing/create-fixture-client.ts';
import { fixtureTraceId } from '../testing/fixtures/call.ts';
import { tokenSpendFixture } from '../testing/fixtures/token-spend.ts';
import { fixtureProblems } from '../testing/handlers/problem-response.ts';
import { deleteBudgetMutation, putBudgetMutation } from './budget-mutations.ts';
import { budgetPagesQuery, budgetQuery, budgetsQuery } from './budgets-query.ts';
import { callQuery } from './call-query.ts';
import { clearOnPrincipalChange } from './clear-on-principal-change.ts';
import { datasetPagesQuery, datasetQuery, datasetsQuery } from './dataset-query.ts';
import { insightQuery } from './insight-query.ts';
import { eraseCustomerMutation, putPricesMutation, settlePricesMutation } from './mutations.ts';
import { pricesQuery } from './prices-query.ts';
import { principalKey } from './query-keys.ts';
import { refetchInterval, refreshIntervalOf, staleTime } from './refresh-rule.ts';
import { sessionQuery } from './session-query.ts';
import { conversationQuery } from './conversation-query.ts';
import { traceQuery } from './trace-query.ts';

const client = createFixtureClient();
const question = { measures: ['cost'] };

describe('every query', () => {
  const queries = [
    ['insight', insightQuery(client, 'token-spend')],
    ['dataset', datasetQuery(client, 'token_usage', question)],
    ['pages of a dataset', datasetPagesQuery(client, 'calls', question)],
    ['catalogue', datasetsQuery(client)],
    ['call', callQuery(client, 'a')],
    ['trace', traceQuery(client, fixtureTraceId)],
    ['conversation', conversationQuery(client, 'conv_7')],
    ['session', sessionQuery(client)],
    ['prices', pricesQuery(client)],
    ['budgets', budgetsQuery(client)],
    ['pages of budgets', budgetPagesQuery(client)],
    ['budget', budgetQuery(client, 'harbor-month')],
  ] as const;

  test.each(queries)('has a key that begins with the principal: %s', (_, { queryKey }) => {
    expect(queryKey[0]).toBe('tallykit:fixture-operator-full-answers');
    expect(principalKey(client)).toEqual([queryKey[0]]);
  });

  test.each(queries)('leaves repeating to the client: %s', (_, { retry }) => {
    expect(retry).toBe(false);
  });

  test('answers through TanStack Query', async () => {
    const queryClient = new QueryClient();
    const [spend, dataset, call, trace, session, prices, catalogue] = await Promise.all([
      queryClient.fetchQuery(insightQuery(client, 'token-spend')),
      queryClient.fetchQuery(datasetQuery(client, 'token_usage', question)),
      queryClient.fetchQuery(callQuery(client, 'a')),
      queryClient.fetchQuery(traceQuery(client, fixtureTraceId)),
      queryClient.fetchQuery(sessionQuery(client)),
      queryClient.fetchInfiniteQuery(pricesQuery(client)),
      queryClient.fetchQuery(datasetsQuery(client)),
    ]);
    expect(spend.insight).toBe('token-spend');
    expect(dataset.dataset).toBe('token_usage');
    expect(call.cost.state).toBe('priced');
    expect(trace.spans).toHaveLength(4);
    expect(session.role).toBe('operator');
    expect(prices.pages[0]?.prices).toHaveLength(3);
    expect(catalogue.datasets[0]?.id).toBe('token_usage');
  });

  test('reads a list on to its end', async () => {
    const options = datasetPagesQuery(client, 'calls', { ...question, dimensions: ['id'], limit: 30 });
    const { pages } = await new QueryClient().fetchInfiniteQuery({ ...options, pages: 2 });
    expect(pages.map(({ rows }) => rows.length)).toEqual([30, 15]);
  });

  test('is cancelled with the widget that asked', async () => {
    const queryClient = new QueryClient();
    const options = insightQuery(createFixtureClient({ behaviour: 'slow' }), 'token-spend');
    const observer = new QueryObserver(queryClient, options);
    const leave = observer.subscribe(() => undefined);
    leave();
    await vi.waitFor(() => expect(queryClient.isFetching()).toBe(0));
  });
});

describe('a key', () => {
  test('does not depend on parameters that are undefined', () => {
    const keys = [{}, { from: undefined, environment: undefined }, undefined].map(
      (params) => insightQuery(client, 'token-spend', params).queryKey,
    );
    expect(keys[1]).toEqual(keys[0]);
    expect(keys[2]).toEqual(keys[0]);
  });

  test('changes with the principal', () => {
    const someone = createFixtureClient();
    const before = insightQuery(someone, 'token-spend').queryKey;
    someone.session.change();
    expect(insightQuery(someone, 'token-spend').queryKey).not.toEqual(before);
  });
});

describe('the answer before', () => {
  const shownWhile = async (
    first: Parameters<typeof insightQuery<'usage-over-time'>>[2],
    then: Parameters<typeof insightQuery<'usage-over-time'>>[2],
    between: (asked: typeof client) => void = () => undefined,
  ) => {
    const asked = createFixtureClient();
    const queryClient = new QueryClient();
    const observer = new QueryObserver(queryClient, insightQuery(asked, 'usage-over-time', first));
    const leave = observer.subscribe(() => undefined);
    await vi.waitFor(() => expect(observer.getCurrentResult().data).toBeDefined());
    between(asked);
    observer.setOptions(insightQuery(asked, 'usage-over-time', then));
    const shown = observer.getCurrentResult();
    leave();
    return shown;
  };

  test('stays while another range is fetched, and says that it is a placeholder', async () => {
    const shown = await shownWhile({ grain: 'day' }, { grain: 'week', from: '2026-10-01T00:00:00Z' });
    expect(shown).toMatchObject({ isPlaceholderData: true, data: { grain: 'day' } });
  });

  test.each(['customerId', 'asCustomer'] as const)('does not stay when %s changes', async (field) => {
    expect((await shownWhile({ [field]: 'cus_a' }, { [field]: 'cus_b' })).data).toBeUndefined();
  });

  test('does not stay when the principal changes', async () => {
    expect((await shownWhile({}, {}, (asked) => asked.session.change())).data).toBeUndefined();
  });
});

describe('refreshing', () => {
  const { freshness } = tokenSpendFixture();
  const query = (data: { freshness: typeof freshness } | undefined, error: unknown = null) => ({
    state: { data, error },
  });

  test('follows the cadence', () => {
    expect(refreshIntervalOf({ ...freshness, cadence: 'live' })).toBe(60_000);
    expect(refreshIntervalOf({ ...freshness, cadence: 'live', openBucket: null })).toBe(600_000);
    expect(refreshIntervalOf({ ...freshness, cadence: 'hourly' })).toBe(600_000);
    expect(refreshIntervalOf({ ...freshness, cadence: 'nightly' })).toBe(3_600_000);
    expect(staleTime(query({ freshness }))).toBe(30_000);
  });

  test('stops upon a refusal and goes on after a failure', () => {
    expect(refetchInterval(query(undefined, new ProblemError(fixtureProblems.denied)))).toBe(false);
    expect(refetchInterval(query({ freshness }, new ProblemError(fixtureProblems.failed)))).toBe(60_000);
    expect(refetchInterval(query(undefined, new Error('offline')))).toBe(60_000);
  });

  test('rests while the page is hidden', () => {
    expect(insightQuery(client, 'token-spend').refetchIntervalInBackground).toBe(false);
  });
});

describe('a change of the principal', () => {
  test('drops what was cached for the one who left, and nothing else', async () => {
    const queryClient = new QueryClient();
    const someone = createFixtureClient();
    const stop = clearOnPrincipalChange(someone, queryClient);
    await queryClient.fetchQuery(insightQuery(someone, 'token-spend'));
    queryClient.setQueryData(['host', 'todo'], 1);
    const left = principalKey(someone);
    someone.session.change();
    expect(queryClient.getQueriesData({ queryKey: left })).toEqual([]);
    expect(queryClient.getQueryData(['host', 'todo'])).toBe(1);

    await queryClient.fetchQuery(insightQuery(someone, 'token-spend'));
    someone.session.change('second');
    expect(
      queryClient.getQueryCache().findAll({ predicate: ({ queryKey }) => queryKey[0] !== 'host' }),
    ).toEqual([]);
    stop();
  });

  test('fails a question that was made before it, instead of answering under the wrong name', async () => {
    const queryClient = new QueryClient();
    const someone = createFixtureClient();
    const options = insightQuery(someone, 'token-spend');
    someone.session.change();
    await expect(queryClient.fetchQuery(options)).rejects.toMatchObject({ kind: 'principal_changed' });
    expect(queryClient.getQueryData(options.queryKey)).toBeUndefined();
  });
});

describe('a change of prices', () => {
  const cachedSpend = async () => {
    const queryClient = new QueryClient();
    const options = insightQuery(client, 'token-spend');
    await queryClient.fetchQuery(options);
    const isOld = (): boolean | undefined => queryClient.getQueryState(options.queryKey)?.isInvalidated;
    const run = <Answer, Variables>(
      mutation: MutationOptions<Answer, Error, Variables>,
      variables: Variables,
    ): Promise<Answer> => queryClient.getMutationCache().build(queryClient, mutation).execute(variables);
    return { queryClient, isOld, run };
  };

  test('makes every cached figure old', async () => {
    const { queryClient, isOld, run } = await cachedSpend();
    await run(putPricesMutation({ client, queryClient }), {
      prices: [{ provider: 'openai', model: 'm', rates: [{ bucket: 'input', amount: '1' }] }],
    });
    expect(isOld()).toBe(true);
  });

  test('that is only tried leaves them alone', async () => {
    const { queryClient, isOld, run } = await cachedSpend();
    await run(settlePricesMutation({ client, queryClient }), {});
    expect(isOld()).toBe(false);
    await run(settlePricesMutation({ client, queryClient }), { dryRun: false });
    expect(isOld()).toBe(true);
  });

  test('erasing a customer makes them old as well', async () => {
    const { queryClient, isOld, run } = await cachedSpend();
    await run(eraseCustomerMutation({ client, queryClient }), 'cus_1');
    expect(isOld()).toBe(true);
  });
});

describe('a change of budgets', () => {
  test('makes cached budgets old, and no figures', async () => {
    const queryClient = new QueryClient();
    const [list, one, spend] = [
      budgetsQuery(client),
      budgetQuery(client, 'harbor-month'),
      insightQuery(client, 'token-spend'),
    ] as const;
    const isOld = (queryKey: readonly unknown[]) => queryClient.getQueryState(queryKey)?.isInvalidated;
    const run = <Answer, Variables>(
      mutation: MutationOptions<Answer, Error, Variables>,
      variables: Variables,
    ): Promise<Answer> => queryClient.getMutationCache().build(queryClient, mutation).execute(variables);
    const fill = () =>
      Promise.all([queryClient.fetchQuery(list), queryClient.fetchQuery(one), queryClient.fetchQuery(spend)]);

    await fill();
    await run(putBudgetMutation({ client, queryClient }), {
      id: 'cap',
      scope: { customerId: 'cus_harbor' },
      limit: { unit: 'money', amount: '10', currency: 'USD' },
      window: 'day',
      action: 'block',
    });
    expect([isOld(list.queryKey), isOld(one.queryKey), isOld(spend.queryKey)]).toEqual([true, true, false]);

    await fill();
    await run(deleteBudgetMutation({ client, queryClient }), 'cap');
    expect(isOld(list.queryKey)).toBe(true);
  });
});
