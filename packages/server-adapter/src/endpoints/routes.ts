import * as wire from '@tallykit/protocol';
import { createApiKey, listApiKeys, revokeApiKey } from '../access/manage-api-keys.ts';
import { mintEmbedSession } from '../access/mint-embed-session.ts';
import { checkBudgets } from '../budgets/check-budgets.ts';
import { listBudgets, readBudget } from '../budgets/list-budgets.ts';
import { deleteBudget, putBudget, putBudgets } from '../budgets/put-budgets.ts';
import { releaseBudgets, reserveBudgets } from '../budgets/reserve-budgets.ts';
import { describeDatasets } from '../datasets/describe-datasets.ts';
import { explainCall } from '../datasets/explain-call.ts';
import { queryDataset } from '../datasets/query-dataset.ts';
import { readConversation } from '../datasets/read-conversation.ts';
import { readTrace } from '../datasets/read-trace.ts';
import { answerInsight } from '../insights/answer-insight.ts';
import { eraseCustomer } from '../ledger/erase-customer.ts';
import { putCustomers } from '../ledger/put-customers.ts';
import { putFlows } from '../ledger/put-flows.ts';
import { putInvoices } from '../ledger/put-invoices.ts';
import { otlpMediaTypes } from '../ingestion/otlp/write-answer.ts';
import { putProviderLines } from '../reconciliation/put-provider-lines.ts';
import { budgetsOf } from './ask-budgets.ts';
import { readPrices, settle, storePrices } from './change-prices.ts';
import { openApiAnswer } from './openapi.ts';
import { ingestEvents } from './ingest-events.ts';
import type { QueryParameter } from './query-parameters.ts';
import type { EndpointCall, GuardedRoute, Route } from './route.ts';
import { putDevClock, readHealth, readReadiness } from './service-state.ts';
import { readSession } from './session.ts';
import { refuseTraces, takeTraces } from './take-traces.ts';

const insightQuery: readonly QueryParameter[] = [
  ...(['from', 'to', 'month', 'timeZone', 'grain', 'groupBy', 'filter', 'top', 'orderBy'] as const),
  ...(['customerId', 'asCustomer', 'environment'] as const),
];
const insightAnswers = Object.values(wire.insightAnswerSchemas);
const idOf = (call: { readonly params: Readonly<Record<string, string>> }): string => call.params['id'] ?? '';
const keys = ({ store, parts }: EndpointCall) => ({ store, clock: parts.clock, random: parts.random });
const embedding = ({ parts }: EndpointCall) => ({
  tokens: parts.embedTokens,
  origins: parts.origins,
  grants: parts.resolve.grants,
});

/** The whole HTTP surface for callers whom the server knows. `needs` is the permission that is asked for before anything else. */
// prettier-ignore
const guardedRoutes: readonly GuardedRoute[] = [
  { method: 'GET', path: '/v1/session', needs: 'signed_in', summary: 'Who you are here, and what you may do.',
    answer: wire.sessionAnswerSchema, handle: readSession },

  // Write side: what happened, what the vendor knows, what providers report, what things cost.
  { method: 'POST', path: '/v1/events', needs: 'ingest.write', summary: 'Send events; each is accepted or refused by itself.',
    body: wire.ingestRequestSchema, answer: wire.ingestAnswerSchema, handle: ingestEvents },
  { method: 'POST', path: '/v1/otlp/v1/traces', needs: 'ingest.write', summary: 'Send spans in OTLP; those of model and tool calls are counted.',
    mediaTypes: Object.values(otlpMediaTypes), handle: takeTraces, refuse: refuseTraces },
  { method: 'PUT', path: '/v1/ledger/customers', needs: 'ledger.write', audit: 'customers.put', summary: 'Store customers.',
    body: wire.ledgerCustomersPutSchema, answer: wire.putAnswerSchema, handle: ({ store, body, parts }) => putCustomers(store, body, parts.clock) },
  { method: 'PUT', path: '/v1/ledger/invoices', needs: 'ledger.write', audit: 'invoices.put', summary: 'Store invoices.',
    body: wire.ledgerInvoicesPutSchema, answer: wire.putAnswerSchema, handle: ({ store, body, parts }) => putInvoices(store, body, parts.clock) },
  { method: 'PUT', path: '/v1/ledger/flows', needs: 'ledger.write', audit: 'flows.put', summary: 'Store names and steps of flows.',
    body: wire.ledgerFlowsPutSchema, answer: wire.putAnswerSchema, handle: ({ store, body, parts }) => putFlows(store, body, parts.clock) },
  { method: 'PUT', path: '/v1/provider-lines', needs: 'reconciliation.manage', audit: 'provider_lines.put', summary: "Store rows of a provider's own report.",
    body: wire.providerLinesPutSchema, answer: wire.putAnswerSchema, handle: ({ store, body, parts }) => putProviderLines(store, body, parts.clock) },
  { method: 'GET', path: '/v1/prices', needs: 'pricing.manage', summary: 'List price rows.',
    query: ['provider', 'model', 'source', 'cursor', 'limit'], answer: wire.pricesAnswerSchema, handle: readPrices },
  { method: 'PUT', path: '/v1/prices', needs: 'pricing.manage', audit: 'prices.put', summary: 'Store override rows and settle what waited for them.',
    body: wire.pricesPutSchema, answer: wire.pricesPutAnswerSchema, handle: storePrices },
  { method: 'POST', path: '/v1/prices/settle', needs: 'pricing.manage', audit: 'prices.settle', summary: 'Settle pending calls, or price a range again; a dry run unless told.',
    body: wire.settleRequestSchema, answer: wire.settleAnswerSchema, handle: settle },
  { method: 'POST', path: '/v1/customers/{id}/erase', needs: 'ledger.write', audit: 'customers.erase', summary: "Erase a customer's personal ids; money stays.",
    answer: wire.eraseAnswerSchema, handle: async (call) => erased(call, await eraseCustomer(call.store, idOf(call), call.parts.clock)) },

  // Read side: every one of these goes through the one door.
  { method: 'GET', path: '/v1/insights/{id}', needs: 'analytics.view', summary: 'Ask a ready-made question.', insightOf: (params) => params['id'] ?? '',
    query: insightQuery, answer: insightAnswers, handle: (call) => answerInsight(call.parts.door, call.caller.principal, idOf(call), call.query) },
  { method: 'GET', path: '/v1/datasets', needs: 'analytics.view', summary: 'What can be asked of datasets.',
    answer: wire.datasetCatalogueSchema, handle: ({ caller, parts }) => describeDatasets(parts.door, caller.principal) },
  { method: 'POST', path: '/v1/datasets/{id}/query', needs: 'analytics.view', summary: 'Ask a dataset.',
    body: wire.datasetQuerySchema, answer: wire.datasetAnswerSchema, handle: (call) => queryDataset(call.parts.door, call.caller.principal, idOf(call), call.body) },
  { method: 'GET', path: '/v1/calls/{id}', needs: 'analytics.view', summary: 'One call, its cost entries and the price rows: explain this number.',
    answer: wire.callAnswerSchema, handle: (call) => explainCall(call.parts.door, call.caller.principal, idOf(call)) },
  { method: 'GET', path: '/v1/traces/{traceId}', needs: 'analytics.view', summary: 'The spans of a trace and their totals.',
    answer: wire.traceAnswerSchema, handle: (call) => readTrace(call.parts.door, call.caller.principal, call.params['traceId'] ?? '') },
  { method: 'GET', path: '/v1/conversations/{id}', needs: 'analytics.view', summary: 'What belongs to a conversation and what it came to, without its text.',
    answer: wire.conversationAnswerSchema, handle: (call) => readConversation(call.parts.door, call.caller.principal, idOf(call)) },

  // Budgets: what may be spent, and whether a call is inside of it.
  { method: 'GET', path: '/v1/budgets', needs: 'analytics.view', summary: 'List budgets and where each stands.',
    query: ['customerId', 'asCustomer', 'cursor', 'limit'], answer: wire.budgetsAnswerSchema, handle: (call) => listBudgets(budgetsOf(call), call.query) },
  { method: 'PUT', path: '/v1/budgets', needs: 'budgets.manage', audit: 'budgets.put', summary: 'Store budgets.',
    body: wire.budgetsPutSchema, answer: wire.putAnswerSchema, handle: (call) => putBudgets(budgetsOf(call), call.body) },
  { method: 'GET', path: '/v1/budgets/{id}', needs: 'analytics.view', summary: 'One budget and where it stands.',
    answer: wire.budgetAnswerSchema, handle: (call) => readBudget(budgetsOf(call), idOf(call)) },
  { method: 'PUT', path: '/v1/budgets/{id}', needs: 'budgets.manage', audit: 'budgets.put', summary: 'Store one budget.',
    body: wire.budgetBodySchema, answer: wire.budgetAnswerSchema, handle: (call) => putBudget(budgetsOf(call), idOf(call), call.body) },
  { method: 'DELETE', path: '/v1/budgets/{id}', needs: 'budgets.manage', audit: 'budgets.delete', summary: 'Remove a budget and what is held under it.',
    handle: (call) => deleteBudget(budgetsOf(call), idOf(call)) },
  { method: 'POST', path: '/v1/budgets/check', needs: 'budgets.check', summary: 'Whether a call is inside of every budget that concerns it.',
    body: wire.budgetCheckRequestSchema, answer: wire.budgetCheckAnswerSchema, handle: (call) => checkBudgets(budgetsOf(call), call.body) },
  { method: 'POST', path: '/v1/budgets/reservations', needs: 'budgets.check', summary: 'Hold a part of the budgets for one call.',
    body: wire.budgetReservationRequestSchema, answer: wire.budgetReservationAnswerSchema, handle: (call) => reserveBudgets(budgetsOf(call), call.body) },
  { method: 'DELETE', path: '/v1/budgets/reservations/{id}', needs: 'budgets.check', summary: 'Give back what is held for a call.',
    query: ['eventId'], handle: (call) => releaseBudgets(budgetsOf(call), idOf(call), call.query) },

  // Access and upkeep.
  { method: 'POST', path: '/v1/embed-sessions', needs: 'sessions.mint', audit: 'sessions.mint', summary: "Mint a short-lived token for a customer's page.",
    body: wire.embedSessionRequestSchema, answer: wire.embedSessionSchema, handle: (call) => mintEmbedSession(call.caller.principal, call.body, embedding(call)) },
  { method: 'GET', path: '/v1/keys', needs: 'keys.manage', summary: 'List API keys.',
    answer: wire.apiKeysAnswerSchema, handle: async ({ store }) => ({ keys: await listApiKeys(store) }) },
  { method: 'POST', path: '/v1/keys', needs: 'keys.manage', audit: 'keys.create', summary: 'Make an API key; its secret is shown once.',
    body: wire.apiKeyInputSchema, answer: wire.apiKeyCreatedSchema, handle: (call) => createApiKey(keys(call), call.body) },
  { method: 'DELETE', path: '/v1/keys/{id}', needs: 'keys.manage', audit: 'keys.revoke', summary: 'Revoke an API key.',
    handle: (call) => revokeApiKey(keys(call), idOf(call)) },
  { method: 'POST', path: '/v1/jobs/tick', needs: 'ledger.write', audit: 'jobs.tick', summary: 'Do the background work that is due, for hosts without a long-lived process.',
    handle: ({ parts }) => parts.tick() },
];

/** What anybody may ask: it shows nothing of anybody. */
// prettier-ignore
const openRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/openapi.json', needs: 'nothing', summary: 'This surface as an OpenAPI document.', handle: () => openApiAnswer(publicRoutes) },
  { method: 'GET', path: '/healthz', needs: 'nothing', summary: 'Whether the process is alive.', answer: wire.healthAnswerSchema, handle: readHealth },
  { method: 'GET', path: '/readyz', needs: 'nothing', summary: 'Whether requests can be served.', answer: wire.readyAnswerSchema, handle: readReadiness },
];

const publicRoutes: readonly Route[] = [...guardedRoutes, ...openRoutes];

/** Only on a development server that was started with a clock to move. */
// prettier-ignore
const developmentRoutes: readonly Route[] = [
  { method: 'PUT', path: '/v1/dev/clock', needs: 'nothing', summary: "Move the server's clock.", body: wire.devClockPutSchema, answer: wire.devClockAnswerSchema, handle: putDevClock },
];

/** All routes that an instance serves. */
export function servedRoutes(options: { readonly development: boolean }): readonly Route[] {
  return options.development ? [...publicRoutes, ...developmentRoutes] : publicRoutes;
}

// The log has an entry more, which the consumers are to act on now rather than at their next turn.
function erased<Answer>({ parts, store }: EndpointCall, answer: Answer): Answer {
  parts.grown(store.organizationId);
  return answer;
}
