import type {
  BudgetAnswer,
  BudgetBody,
  BudgetCheckAnswer,
  BudgetReservationAnswer,
  BudgetsAnswer,
  IngestAnswer,
  LlmCallEvent,
  Problem,
} from '@tallykit/protocol';
import { expect } from 'vitest';
import type { PrincipalClaim } from '../access/principal.ts';
import type { TallykitOptions } from '../options.ts';
import { uuidV7 } from '../primitives/uuid-v7.ts';
import { openTestTallykit, type TestAsk } from './open-test-tallykit.ts';

/** Whoever acts for the whole organization. */
export const operator: PrincipalClaim = { subject: 'ops', role: 'operator' };

/** A tenth of a cent a month for customer `acme`. */
export const cap: BudgetBody = {
  scope: { customerId: 'acme' },
  limit: { unit: 'money', amount: '0.001', currency: 'USD' },
  window: 'month',
  action: 'block',
};

/** A server, and what a test does with it again and again. A call of a thousand and five hundred tokens costs $0.00045. */
export function openBudgets(options: Partial<TallykitOptions> = {}) {
  const server = openTestTallykit(options);
  const { ask, clock } = server;
  return {
    ...server,
    put: (id: string, body: unknown = cap, how: TestAsk = { as: operator }) =>
      ask<BudgetAnswer & Problem>(`PUT /v1/budgets/${id}`, { ...how, body }),
    get: (id: string, as: PrincipalClaim = operator) =>
      ask<BudgetAnswer & Problem>(`GET /v1/budgets/${id}`, { as }),
    list: (query = '', as: PrincipalClaim = operator) =>
      ask<BudgetsAnswer & Problem>(`GET /v1/budgets${query}`, { as }),
    check: (scope: object, how: TestAsk = { as: operator }) =>
      ask<BudgetCheckAnswer & Problem>('POST /v1/budgets/check', { ...how, body: { scope } }),
    reserve: (body: object, how: TestAsk = { as: operator }) =>
      ask<BudgetReservationAnswer & Problem>('POST /v1/budgets/reservations', {
        ...how,
        body: { id: uuidV7(clock.now()), scope: { customerId: 'acme' }, ...body },
      }),
    async spend(fields: Partial<LlmCallEvent> = {}, token?: string) {
      const id = uuidV7(clock.now());
      const call: LlmCallEvent = {
        kind: 'llm_call',
        id,
        traceId: '0123456789abcdef0123456789abcdef',
        customerId: 'acme',
        callId: id,
        attempt: 1,
        final: true,
        provider: 'openai',
        requestModel: 'gpt-4o-mini',
        operation: 'chat',
        status: 'ok',
        complete: true,
        durationMs: 200,
        usage: { input: 1000, output: 500 },
        ...fields,
      };
      const { body } = await ask<IngestAnswer>('POST /v1/events', {
        token: token ?? (await server.key()),
        body: { protocol: 1, sentAt: new Date(clock.now()).toISOString(), events: [call] },
      });
      expect(body).toMatchObject({ accepted: 1, problems: [] });
      return call;
    },
  };
}
