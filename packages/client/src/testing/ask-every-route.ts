import type { TallykitClient } from '../create-client.ts';
import type { routes } from '../routes.ts';
import { fixtureTraceId } from './fixtures/call.ts';

/** Asks each route once with something that the server takes, so that tests can see that a method reaches every route. */
export const askEveryRoute: Readonly<
  Record<keyof typeof routes, (client: TallykitClient) => Promise<object | void>>
> = {
  sendEvents: ({ events }) => events.send({ protocol: 1, sentAt: '2026-11-20T10:42:00.000Z', events: [] }),
  getSession: ({ session }) => session.get(),
  getInsight: ({ insights }) => insights.get('token-spend'),
  listDatasets: ({ datasets }) => datasets.list(),
  queryDataset: ({ datasets }) => datasets.query('token_usage', { measures: ['cost'] }),
  getCall: ({ calls }) => calls.get('019aa0d2-6c00-7a11-8c0f-6b5e2d9a4f01'),
  getTrace: ({ traces }) => traces.get(fixtureTraceId),
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
      },
    ]),
  createEmbedSession: ({ embedSessions }) =>
    embedSessions.create({ customerId: 'cus_1', subject: 'user_1', role: 'customer_admin' }),
  eraseCustomer: ({ customers }) => customers.erase('cus_1'),
  listKeys: ({ keys }) => keys.list(),
  createKey: ({ keys }) => keys.create({ kind: 'ingest', name: 'Helpdesk backend' }),
  revokeKey: ({ keys }) => keys.revoke('019aa0d2-6c00-7a11-8c0f-6b5e2d9a4f01'),
  runJobs: ({ server }) => server.runJobs(),
  setDevelopmentClock: ({ server }) => server.setDevelopmentClock('2026-11-20T10:42:00.000Z'),
  getOpenApi: ({ server }) => server.openApi(),
  getHealth: ({ server }) => server.health(),
  getReadiness: ({ server }) => server.readiness(),
};
