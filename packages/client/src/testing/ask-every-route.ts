import type { LlmCallEvent } from '@tallykit/protocol';
import type { TallykitClient } from '../create-client.ts';
import type { routes } from '../routes.ts';
import { fixtureId, fixtureTraceId } from './fixtures/call.ts';
import { fixtureConversationId } from './fixtures/conversation.ts';
import { fixtureNow } from './fixtures/fixture-options.ts';

/** A call to send, ten minutes before the fixtures' present; {@link askEveryRoute} asks for it by id and by trace. */
export const fixtureCallEvent: LlmCallEvent = {
  kind: 'llm_call',
  id: fixtureId(fixtureNow - 600_000),
  traceId: fixtureTraceId,
  callId: fixtureId(fixtureNow - 600_000),
  attempt: 1,
  final: true,
  provider: 'openai',
  requestModel: 'gpt-4o-mini',
  operation: 'chat',
  status: 'ok',
  complete: true,
  durationMs: 1_284,
  usage: { input: 812, cacheRead: 1_024, output: 187 },
  customerId: 'cus_1',
  flow: 'triage',
  conversationId: fixtureConversationId,
};

/**
 * Asks each route once, in the order of this list, with something that the server takes. It writes and erases: only for
 * servers that were made for a test, to see that every method reaches its route and understands the answer.
 */
export const askEveryRoute: Readonly<
  Record<keyof typeof routes, (client: TallykitClient) => Promise<object | void>>
> = {
  sendEvents: ({ events }) =>
    events.send({ protocol: 1, sentAt: new Date(fixtureNow).toISOString(), events: [fixtureCallEvent] }),
  getSession: ({ session }) => session.get(),
  getInsight: ({ insights }) => insights.get('token-spend'),
  listDatasets: ({ datasets }) => datasets.list(),
  queryDataset: ({ datasets }) => datasets.query('token_usage', { measures: ['cost'] }),
  getCall: ({ calls }) => calls.get(fixtureCallEvent.id),
  getTrace: ({ traces }) => traces.get(fixtureTraceId),
  getConversation: ({ conversations }) => conversations.get(fixtureConversationId),
  listPrices: ({ prices }) => prices.list({ provider: 'openai' }),
  putPrices: ({ prices }) =>
    prices.put({ prices: [{ provider: 'openai', model: 'm', rates: [{ bucket: 'input', amount: '1' }] }] }),
  settlePrices: ({ prices }) => prices.settle(),
  putCustomers: ({ ledger }) => ledger.putCustomers([{ id: 'cus_1', name: 'One' }]),
  putInvoices: ({ ledger }) =>
    ledger.putInvoices([
      {
        id: 'inv_1',
        customerId: 'cus_1',
        status: 'posted',
        currency: 'USD',
        totalExclTax: 100,
        totalInclTax: 119,
        issueDate: '2026-11-20',
      },
    ]),
  putFlows: ({ ledger }) => ledger.putFlows([{ id: 'triage', name: 'Triage' }]),
  putProviderLines: ({ providerLines }) =>
    providerLines.put([
      {
        sourceId: 'line_1',
        provider: 'openai',
        from: '2026-11-19T00:00:00Z',
        to: '2026-11-20T00:00:00Z',
        fetchedAt: '2026-11-20T06:00:00Z',
        requests: 1,
      },
    ]),
  putBudgets: ({ budgets }) =>
    budgets.putAll([
      {
        id: 'month',
        scope: { customerId: 'cus_1' },
        limit: { unit: 'money', amount: '25.50', currency: 'USD' },
        window: 'month',
        action: 'block',
      },
    ]),
  putBudget: ({ budgets }) =>
    budgets.put('day', {
      scope: { flow: 'triage' },
      limit: { unit: 'tokens', amount: 1_000_000 },
      window: 'day',
      action: 'throttle',
      throttle: { callsPerMinute: 6 },
    }),
  listBudgets: ({ budgets }) => budgets.list({ limit: 10 }),
  getBudget: ({ budgets }) => budgets.get('month'),
  checkBudgets: ({ budgets }) => budgets.check({ customerId: 'cus_1' }),
  reserveBudgets: ({ budgets }) =>
    budgets.reserve({ id: fixtureId(fixtureNow), scope: { customerId: 'cus_1' }, estimate: { tokens: 900 } }),
  releaseBudgets: ({ budgets }) => budgets.release(fixtureId(fixtureNow), fixtureCallEvent.id),
  deleteBudget: ({ budgets }) => budgets.delete('day'),
  createEmbedSession: ({ embedSessions }) =>
    embedSessions.create({ customerId: 'cus_1', subject: 'user_1', role: 'customer_admin' }),
  eraseCustomer: ({ customers }) => customers.erase('cus_1'),
  listKeys: ({ keys }) => keys.list(),
  createKey: ({ keys }) => keys.create({ kind: 'ingest', name: 'Helpdesk backend' }),
  revokeKey: async ({ keys }) => {
    const { key } = await keys.create({ kind: 'ingest', name: 'Left behind' });
    await keys.revoke(key.id);
  },
  runJobs: ({ server }) => server.runJobs(),
  setDevelopmentClock: ({ server }) => server.setDevelopmentClock(new Date(fixtureNow).toISOString()),
  getOpenApi: ({ server }) => server.openApi(),
  getHealth: ({ server }) => server.health(),
  getReadiness: ({ server }) => server.readiness(),
};
