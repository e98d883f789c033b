export {
  type ClientOptions,
  createClient,
  type HeadersOption,
  type TallykitClient,
} from './create-client.ts';
export type { RequestOptions } from './send.ts';
export type { RetryOptions } from './retry-rule.ts';
export type { GetSession, SessionReason } from './session/token-source.ts';
export type { BudgetsParams, BudgetsResource } from './resources/budgets.ts';
export type { CallsResource } from './resources/calls.ts';
export type { ConversationsResource } from './resources/conversations.ts';
export type { CustomersResource } from './resources/customers.ts';
export type { DatasetsResource } from './resources/datasets.ts';
export type { EmbedSessionsResource } from './resources/embed-sessions.ts';
export type { EventsResource } from './resources/events.ts';
export type { InsightParams, InsightRange, InsightsResource } from './resources/insights.ts';
export type { KeysResource } from './resources/keys.ts';
export type { LedgerResource } from './resources/ledger.ts';
export type { PricesParams, PricesResource } from './resources/prices.ts';
export type { ProviderLinesResource } from './resources/provider-lines.ts';
export type { JsonObject, ServerResource } from './resources/server.ts';
export type { SessionResource } from './resources/session.ts';
export type { TracesResource } from './resources/traces.ts';
export { type Route, routes } from './routes.ts';
export { ClientError, type ClientErrorKind, isClientError } from './errors/client-error.ts';
export { ConnectionError, isConnectionError } from './errors/connection-error.ts';
export { isPrincipalChangedError, PrincipalChangedError } from './errors/principal-changed-error.ts';
export { isProblemError, ProblemError } from './errors/problem-error.ts';
export { isProtocolError, type ProtocolDeviation, ProtocolError } from './errors/protocol-error.ts';
export { isSessionError, SessionError } from './errors/session-error.ts';
export { isTimeoutError, TimeoutError } from './errors/timeout-error.ts';
