import {
  datasetQuerySchema,
  insightIds,
  type DatasetQuery,
  type InsightAnswers,
  type InsightId,
} from '@tallykit/protocol';
import { http, HttpResponse, type JsonBodyType, type RequestHandler } from 'msw';
import type { InsightParams } from '../../resources/insights.ts';
import { callFixture } from '../fixtures/call.ts';
import { callsAnswerFixture } from '../fixtures/calls-list.ts';
import { conversationFixture } from '../fixtures/conversation.ts';
import { datasetAnswerFixture, datasetCatalogueFixture } from '../fixtures/datasets.ts';
import type { FixtureOptions } from '../fixtures/fixture-options.ts';
import { apiKeyFixture, readyFixture } from '../fixtures/service.ts';
import { pricesFixture } from '../fixtures/prices.ts';
import { reconciliationStatusFixture } from '../fixtures/reconciliation-status.ts';
import { revenueHeroFixture } from '../fixtures/revenue-hero.ts';
import { sessionFixture } from '../fixtures/session.ts';
import { tokenSpendFixture } from '../fixtures/token-spend.ts';
import { traceFixture } from '../fixtures/trace.ts';
import { usageOverTimeFixture } from '../fixtures/usage-over-time.ts';
import { fixtureProblems, invalidBody, problemResponse } from './problem-response.ts';

const insightFixtures: {
  readonly [Id in InsightId]: (options: FixtureOptions, params: InsightParams[Id]) => InsightAnswers[Id];
} = {
  'token-spend': tokenSpendFixture,
  'usage-over-time': usageOverTimeFixture,
  'revenue-hero': revenueHeroFixture,
  'reconciliation-status': reconciliationStatusFixture,
};

const datasetFixtures = new Map([
  ['token_usage', datasetAnswerFixture],
  ['calls', callsAnswerFixture],
]);

/** Handlers of every route that only reads, answering with fixtures. */
export function readHandlers(base: string, options: FixtureOptions): RequestHandler[] {
  const json = (answer: object): Response => HttpResponse.json(answer as JsonBodyType);
  return [
    http.get(`${base}/v1/session`, () => json(sessionFixture(options))),
    http.get(`${base}/v1/insights/:id`, ({ params, request }) => {
      const id = insightIds.find((known) => known === params['id']);
      if (id === undefined) return problemResponse(fixtureProblems.notFound);
      const query = new URL(request.url).searchParams;
      const wrong = ['from', 'to'].find((name) => Number.isNaN(Date.parse(query.get(name) ?? '2026-11-20')));
      return wrong === undefined
        ? json(insightAnswer(id, options, query))
        : problemResponse({
            ...fixtureProblems.invalid,
            errors: [{ pointer: wrong, detail: 'Not an instant.' }],
          });
    }),
    http.get(`${base}/v1/datasets`, () => json(datasetCatalogueFixture())),
    http.post(`${base}/v1/datasets/:id/query`, async ({ params, request }) => {
      const answerOf = datasetFixtures.get(String(params['id']));
      if (answerOf === undefined) return problemResponse(fixtureProblems.notFound);
      const body = datasetQuerySchema.safeParse(await request.json());
      return body.success
        ? json(answerOf(options, body.data satisfies DatasetQuery))
        : invalidBody(body.error.issues[0] ?? { message: 'Not a question.', path: [] });
    }),
    http.get(`${base}/v1/calls/:id`, () => json(callFixture(options))),
    http.get(`${base}/v1/traces/:traceId`, () => json(traceFixture(options))),
    http.get(`${base}/v1/conversations/:id`, () => json(conversationFixture(options))),
    http.get(`${base}/v1/prices`, () => json(pricesFixture(options))),
    http.get(`${base}/v1/openapi.json`, () =>
      json({ openapi: '3.1.0', info: { title: 'Tallykit' }, paths: {} }),
    ),
    http.get(`${base}/healthz`, () => json({ status: 'ok' })),
    http.get(`${base}/readyz`, () => json(readyFixture())),
    http.get(`${base}/v1/keys`, () => json({ keys: [apiKeyFixture()] })),
  ];
}

function insightAnswer<Id extends InsightId>(
  id: Id,
  options: FixtureOptions,
  query: URLSearchParams,
): InsightAnswers[Id] {
  // The query holds what the typed client put there, so it has the shape of the parameters again; numbers are text.
  const told: Record<string, unknown> = Object.fromEntries(query);
  if (typeof told['top'] === 'string') told['top'] = Number(told['top']);
  return insightFixtures[id](options, told as InsightParams[Id]);
}
