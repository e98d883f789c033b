import {
  budgetBodySchema,
  budgetCheckRequestSchema,
  budgetReservationRequestSchema,
  budgetsPutSchema,
  type BudgetBody,
  type BudgetCheckAnswer,
} from '@tallykit/protocol';
import { http, HttpResponse, type JsonBodyType, type RequestHandler } from 'msw';
import { budgetFixture, budgetsFixture } from '../fixtures/budgets.ts';
import { settingOf, type FixtureOptions } from '../fixtures/fixture-options.ts';
import { answerBody } from './answer-body.ts';

/** Handlers of every route of budgets. They check bodies as the server does and store nothing. */
export function budgetHandlers(base: string, options: FixtureOptions): RequestHandler[] {
  const json = (answer: object): Response => HttpResponse.json(answer as JsonBodyType);
  const now = settingOf(options).now;
  const allowed: BudgetCheckAnswer = {
    decision: 'allow',
    budgets: [],
    ttlSeconds: 5,
    asOf: new Date(now).toISOString(),
  };
  return [
    http.get(`${base}/v1/budgets`, () => json(budgetsFixture(options))),
    http.get(`${base}/v1/budgets/:id`, ({ params }) => json(budgetFixture(options, String(params['id'])))),
    http.put(`${base}/v1/budgets`, ({ request }) =>
      answerBody(request, budgetsPutSchema, ({ budgets }) => ({ stored: budgets.length, unchanged: 0 })),
    ),
    http.put(`${base}/v1/budgets/:id`, ({ request, params }) =>
      answerBody(request, budgetBodySchema, (body) => putAnswer(options, String(params['id']), body)),
    ),
    http.post(`${base}/v1/budgets/check`, ({ request }) =>
      answerBody(request, budgetCheckRequestSchema, () => allowed),
    ),
    http.post(`${base}/v1/budgets/reservations`, ({ request }) =>
      answerBody(request, budgetReservationRequestSchema, ({ id, seconds = 120 }) => ({
        ...allowed,
        admitted: true,
        reservation: { id, expiresAt: new Date(now + seconds * 1000).toISOString() },
        retryAfterSeconds: null,
      })),
    ),
    http.delete(`${base}/v1/budgets/reservations/:id`, () => new HttpResponse(null, { status: 204 })),
    http.delete(`${base}/v1/budgets/:id`, () => new HttpResponse(null, { status: 204 })),
  ];
}

function putAnswer(options: FixtureOptions, id: string, body: BudgetBody): object {
  const answer = budgetFixture(options, id);
  const { name = null, scope, limit, window, action, warnAt = [0.8], throttle = null } = body;
  return {
    ...answer,
    budget: { ...answer.budget, id, name, scope, limit, window, action, warnAt, throttle },
  };
}
