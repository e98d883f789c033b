import { http, HttpResponse } from 'msw';
import { describe, expect, test } from 'vitest';
import { isProblemError } from '../errors/problem-error.ts';
import type { routes } from '../routes.ts';
import { createFixtureClient } from './create-fixture-client.ts';
import { fixtureBaseUrl } from './handlers/fixture-handlers.ts';
import { fixtureTraceId } from './fixtures/call.ts';
import { askEveryRoute } from './ask-every-route.ts';

describe('a fixture client', () => {
  test.each(Object.keys(askEveryRoute) as (keyof typeof routes)[])('answers %s', async (name) => {
    const client = createFixtureClient();
    const empty: (typeof name)[] = ['revokeKey', 'runJobs', 'deleteBudget', 'releaseBudgets'];
    await expect(askEveryRoute[name](client)).resolves.toBeTypeOf(
      empty.includes(name) ? 'undefined' : 'object',
    );
  });

  test('answers a question with its parameters', async () => {
    const answer = await createFixtureClient().insights.get('usage-over-time', {
      groupBy: 'model',
      grain: 'week',
      top: 2,
    });
    expect(answer).toMatchObject({ groupBy: 'model', grain: 'week' });
    expect(answer.series).toHaveLength(2);
  });

  test.each([
    ['denied', 403],
    ['failed', 500],
    ['unauthenticated', 401],
    ['notConfigured', 404],
  ] as const)('that is %s throws a problem with status %i', async (behaviour, status) => {
    const error: unknown = await createFixtureClient({ behaviour })
      .insights.get('token-spend')
      .catch((thrown: unknown) => thrown);
    expect(isProblemError(error) && error.status).toBe(status);
  });

  test('that is slow never answers, and lets go on abort', async () => {
    const controller = new AbortController();
    const answer = createFixtureClient({ behaviour: 'slow' }).traces.get(fixtureTraceId, {
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(new Error('left the page')), 20);
    await expect(answer).rejects.toThrow('left the page');
  });

  test('refuses a range that is none', async () => {
    await expect(
      createFixtureClient().insights.get('token-spend', { from: 'last week' }),
    ).rejects.toMatchObject({ status: 400, errors: [{ pointer: 'from' }] });
  });

  test('refuses a body that the server would refuse', async () => {
    await expect(
      createFixtureClient().ledger.putCustomers([{ id: '', name: 'No id' }]),
    ).rejects.toMatchObject({ status: 400, errors: [{ pointer: '/customers/0/id' }] });
  });

  test('asks the handlers of a test first', async () => {
    const handlers = [
      http.get(`${fixtureBaseUrl}/v1/calls/:id`, () => HttpResponse.json({}, { status: 404 })),
    ];
    await expect(createFixtureClient({ handlers }).calls.get('x')).rejects.toMatchObject({ status: 404 });
  });
});
