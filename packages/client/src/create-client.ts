import { createHttp } from './http.ts';
import { budgetsResource, type BudgetsResource } from './resources/budgets.ts';
import { callsResource, type CallsResource } from './resources/calls.ts';
import { conversationsResource, type ConversationsResource } from './resources/conversations.ts';
import { customersResource, type CustomersResource } from './resources/customers.ts';
import { datasetsResource, type DatasetsResource } from './resources/datasets.ts';
import { embedSessionsResource, type EmbedSessionsResource } from './resources/embed-sessions.ts';
import { eventsResource, type EventsResource } from './resources/events.ts';
import { insightsResource, type InsightsResource } from './resources/insights.ts';
import { keysResource, type KeysResource } from './resources/keys.ts';
import { ledgerResource, type LedgerResource } from './resources/ledger.ts';
import { pricesResource, type PricesResource } from './resources/prices.ts';
import { providerLinesResource, type ProviderLinesResource } from './resources/provider-lines.ts';
import { serverResource, type ServerResource } from './resources/server.ts';
import { sessionResource, type SessionResource } from './resources/session.ts';
import { tracesResource, type TracesResource } from './resources/traces.ts';
import { retryRuleOf, type RetryOptions } from './retry-rule.ts';
import { createSend } from './send.ts';
import { createPrincipalIdentity } from './session/principal-identity.ts';
import { createTokenSource, type GetSession } from './session/token-source.ts';

/** Headers to add to every request, or a function that makes them for each. */
export type HeadersOption =
  | Readonly<Record<string, string>>
  | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);

/** What {@link createClient} takes. Only `baseUrl` is required. */
export interface ClientOptions {
  /** Where the server adapter is mounted: `/api/tallykit` in a page, an absolute address on a server. */
  readonly baseUrl: string;
  /** Asks the host's backend for an embed token. Without it the host's own cookie says who is asking. */
  readonly getSession?: GetSession | undefined;
  /**
   * Who is signed in, as the first part of every cache key: an id of the host's own. Needed when answers are fetched on
   * a server and handed to the page; otherwise each client gets a key of its own.
   */
  readonly principal?: string | undefined;
  readonly headers?: HeadersOption | undefined;
  /** `omit` with `getSession`, `same-origin` without, unless told. */
  readonly credentials?: RequestCredentials | undefined;
  /** Instead of the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** How reads are repeated; `false` for never. Writes are never repeated. */
  readonly retry?: RetryOptions | false | undefined;
  /** Longest wait for one answer; 20,000 ms unless told. */
  readonly timeoutMs?: number | undefined;
  /** Sent as `x-tallykit-client`, so that the server's log can tell callers apart; `tallykit-client` unless told. */
  readonly clientName?: string | undefined;
  /** Unix milliseconds; `Date.now` unless told. */
  readonly now?: (() => number) | undefined;
  /** 0 to 1, for the jitter of retries; `Math.random` unless told. */
  readonly random?: (() => number) | undefined;
}

/** A typed client for one mounted Tallykit server. */
export interface TallykitClient {
  readonly insights: InsightsResource;
  readonly datasets: DatasetsResource;
  readonly calls: CallsResource;
  readonly traces: TracesResource;
  readonly conversations: ConversationsResource;
  readonly prices: PricesResource;
  readonly ledger: LedgerResource;
  readonly providerLines: ProviderLinesResource;
  readonly budgets: BudgetsResource;
  readonly embedSessions: EmbedSessionsResource;
  readonly customers: CustomersResource;
  readonly events: EventsResource;
  readonly keys: KeysResource;
  readonly session: SessionResource;
  readonly server: ServerResource;
}

/**
 * Creates a client. It asks for nothing until it is used, so it can be made at module level and on a server.
 * Every method rejects with a `ClientError`, or with the reason of the caller's own abort signal.
 *
 * @example
 * const client = createClient({
 *   baseUrl: '/api/tallykit',
 *   getSession: async () => (await fetch('/tallykit-session', { method: 'POST' })).json(),
 * });
 * const spend = await client.insights.get('token-spend');
 */
export function createClient(options: ClientOptions): TallykitClient {
  const {
    baseUrl,
    getSession,
    headers = {},
    timeoutMs = 20_000,
    now = Date.now,
    random = Math.random,
  } = options;
  const identity = createPrincipalIdentity(options.principal ?? randomPrincipal());
  const tokens = getSession ? createTokenSource({ getSession, identity, now, timeoutMs }) : null;
  const http = createHttp({
    baseUrl,
    headers: async () => (typeof headers === 'function' ? headers() : headers),
    credentials: options.credentials ?? (getSession ? 'omit' : 'same-origin'),
    fetch: options.fetch,
    retry: retryRuleOf(options.retry, random),
    timeoutMs,
    clientName: options.clientName ?? 'tallykit-client',
    now,
  });
  const send = createSend(http, tokens, identity);
  return {
    insights: insightsResource(send),
    datasets: datasetsResource(send),
    calls: callsResource(send),
    traces: tracesResource(send),
    conversations: conversationsResource(send),
    prices: pricesResource(send),
    ledger: ledgerResource(send),
    providerLines: providerLinesResource(send),
    budgets: budgetsResource(send),
    embedSessions: embedSessionsResource(send),
    customers: customersResource(send),
    events: eventsResource(send),
    keys: keysResource(send),
    session: sessionResource(send, identity, () => tokens?.forget()),
    server: serverResource(send),
  };
}

/** `crypto.randomUUID` is missing on pages without HTTPS, `getRandomValues` is not. */
function randomPrincipal(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  return `client-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
