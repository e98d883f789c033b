import type { IngestAnswer, IngestRequest, LossCount } from '@tallykit/protocol';
import { gzip } from './gzip.ts';
import { readRetryAfter } from './retry-policy.ts';

/** Takes an ingest request in the same process: `tallykit.ingest` is one. */
export type IngestTransport = (request: IngestRequest) => Promise<IngestAnswer>;

/** What of `fetch` is used. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>;

/** Where and how batches go. */
export interface SendTarget {
  readonly endpoint?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly transport?: IngestTransport | undefined;
  readonly fetch?: FetchFunction | undefined;
  readonly now?: (() => number) | undefined;
}

/** What one attempt to send a batch came to. */
export interface SendResult {
  readonly status: number;
  /** Parsed JSON, if there was any. */
  readonly body?: unknown;
  /** Why there was no answer. */
  readonly error?: unknown;
  readonly retryAfterMs?: number | undefined;
}

/**
 * Sends events, which are text already: to the transport when there is one, else gzipped to `<endpoint>/v1/events`.
 * Rejects when there was no answer; what a transport throws counts as such, unless it has the status of an answer.
 */
export async function sendBatch(
  { endpoint = '', apiKey, transport, fetch = globalThis.fetch, now = Date.now }: SendTarget,
  events: readonly string[],
  losses: readonly LossCount[],
  signal: AbortSignal,
): Promise<SendResult> {
  const rest = losses.length ? `,"losses":${JSON.stringify(losses)}}` : '}';
  const text = `{"protocol":1,"sentAt":"${new Date(now()).toISOString()}","events":[${events.join()}]${rest}`;
  if (transport) {
    return transport(JSON.parse(text) as IngestRequest).then(
      (body) => ({ status: 200, body }),
      // A server in this process refuses with a problem, whose status means what it means over HTTP.
      (error: { status?: unknown } | null) => ({ status: Number(error?.status) || 0, error }),
    );
  }
  const zipped = await gzip(text);
  const response = await fetch(`${endpoint.replace(/\/+$/, '')}/v1/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(zipped && { 'content-encoding': 'gzip' }),
      ...(apiKey && { authorization: `Bearer ${apiKey}` }),
    },
    body: zipped ?? text,
    signal,
  });
  return {
    status: response.status,
    body: await response.json().catch(() => undefined),
    retryAfterMs: readRetryAfter(response.headers.get('retry-after'), now()),
  };
}
