import type { IngestAnswer, IngestRequest, LossCount } from '@tallykit/protocol';
import { readRetryAfter, type SendResult } from './retry-policy.ts';

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

/** Below this many characters the headers outweigh what compression saves. */
const worthCompressing = 1024;

function gzip(text: string): Promise<ArrayBuffer> {
  return new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer();
}

/**
 * Sends one batch of events, which are text already: to the transport when there is one, else gzipped to
 * `<endpoint>/v1/events`. Rejects when there was no answer; what a transport throws counts as such.
 */
export async function sendBatch(
  { endpoint = '', apiKey, transport, fetch = globalThis.fetch, now = Date.now }: SendTarget,
  batch: { readonly events: readonly string[]; readonly losses: readonly LossCount[] },
  signal: AbortSignal,
): Promise<SendResult> {
  const losses = batch.losses.length > 0 ? `,"losses":${JSON.stringify(batch.losses)}` : '';
  const sentAt = new Date(now()).toISOString();
  const text = `{"protocol":1,"sentAt":"${sentAt}","events":[${batch.events.join()}]${losses}}`;
  if (transport) return { status: 200, body: await transport(JSON.parse(text) as IngestRequest) };
  const zip = text.length > worthCompressing;
  const response = await fetch(`${endpoint.replace(/\/+$/, '')}/v1/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(apiKey && { authorization: `Bearer ${apiKey}` }),
      ...(zip && { 'content-encoding': 'gzip' }),
    },
    body: zip ? await gzip(text) : text,
    signal,
  });
  return {
    status: response.status,
    body: await response.json().catch(() => undefined),
    retryAfterMs: readRetryAfter(response.headers.get('retry-after'), now()),
  };
}
