/** Every route that the client can ask, one line each; the same list as the server's. */
export const routes = {
  sendEvents: 'POST /v1/events',
  getSession: 'GET /v1/session',
  getInsight: 'GET /v1/insights/{id}',
  listDatasets: 'GET /v1/datasets',
  queryDataset: 'POST /v1/datasets/{id}/query',
  getCall: 'GET /v1/calls/{id}',
  getTrace: 'GET /v1/traces/{traceId}',
  getConversation: 'GET /v1/conversations/{id}',
  listPrices: 'GET /v1/prices',
  putPrices: 'PUT /v1/prices',
  settlePrices: 'POST /v1/prices/settle',
  putCustomers: 'PUT /v1/ledger/customers',
  putInvoices: 'PUT /v1/ledger/invoices',
  putFlows: 'PUT /v1/ledger/flows',
  putProviderLines: 'PUT /v1/provider-lines',
  listBudgets: 'GET /v1/budgets',
  putBudgets: 'PUT /v1/budgets',
  getBudget: 'GET /v1/budgets/{id}',
  putBudget: 'PUT /v1/budgets/{id}',
  deleteBudget: 'DELETE /v1/budgets/{id}',
  checkBudgets: 'POST /v1/budgets/check',
  reserveBudgets: 'POST /v1/budgets/reservations',
  releaseBudgets: 'DELETE /v1/budgets/reservations/{id}',
  createEmbedSession: 'POST /v1/embed-sessions',
  eraseCustomer: 'POST /v1/customers/{id}/erase',
  listKeys: 'GET /v1/keys',
  createKey: 'POST /v1/keys',
  revokeKey: 'DELETE /v1/keys/{id}',
  runJobs: 'POST /v1/jobs/tick',
  getOpenApi: 'GET /v1/openapi.json',
  getHealth: 'GET /healthz',
  getReadiness: 'GET /readyz',
  setDevelopmentClock: 'PUT /v1/dev/clock',
} as const;

/** One of {@link routes}. */
export type Route = (typeof routes)[keyof typeof routes];

/** A route split into what a request needs. */
export interface RouteAddress {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Relative to the base URL, without a leading slash, parameters filled in and escaped. */
  readonly path: string;
}

/**
 * Fills the parameters of a route.
 *
 * @example
 * addressOf(routes.getCall, { id: 'a/b' }); // { method: 'GET', path: 'v1/calls/a%2Fb' }
 */
export function addressOf(route: Route, parameters: Readonly<Record<string, string>> = {}): RouteAddress {
  const [method, template] = route.split(' /') as [RouteAddress['method'], string];
  return {
    method,
    path: template.replace(/\{(\w+)\}/g, (_, name: string) => segmentOf(name, parameters[name])),
  };
}

function segmentOf(name: string, value: string | undefined): string {
  // URL parsers resolve "." and ".." away even when they are escaped, which would ask another route.
  if (value === undefined || value === '' || value === '.' || value === '..') {
    throw new TypeError(
      `${JSON.stringify(value ?? '')} cannot be asked for as ${name}: pass the id as Tallykit gave it.`,
    );
  }
  return encodeURIComponent(value);
}
