import type { IngestAnswer, IngestRequest, LossCount } from '@tallykit/protocol';
import { encodeBody, encodeRequest } from './encode-batch.ts';
import { readRetryAfter, type SendResult } from './retry-policy.ts';

/** Sends one batch and tells what came of it. Never rejects. */
export type SendBatch = (
  events: readonly string[],
  losses: readonly LossCount[],
  signal: AbortSignal,
) => Promise<SendResult>;

/** Takes an ingest request in the same process: `tallykit.ingest` is one. */
export type IngestTransport = (request: IngestRequest) => Promise<IngestAnswer>;

/** What of `fetch` is used. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>;

/** Where and how batches go over HTTP. */
export interface HttpTarget {
  readonly endpoint: string;
  readonly apiKey: string | undefined;
  readonly fetch: FetchFunction;
  readonly now: () => number;
}

/** Posts batches to `<endpoint>/v1/events`. */
export function httpSender({ endpoint, apiKey, fetch, now }: HttpTarget): SendBatch {
  const url = `${endpoint.replace(/\/+$/, '')}/v1/events`;
  return async (events, losses, signal) => {
    try {
      const text = encodeRequest(events, losses, new Date(now()).toISOString());
      const { body, encoding } = await encodeBody(text);
      const headers: Record<string, string> = { 'content-type': 'application/json' };
      if (apiKey) headers['authorization'] = `Bearer ${apiKey}`;
      if (encoding) headers['content-encoding'] = encoding;
      const response = await fetch(url, { method: 'POST', headers, body, signal });
      const answer = (await response.text()) || 'null';
      return {
        status: response.status,
        body: parse(answer),
        retryAfterMs: readRetryAfter(response.headers.get('retry-after'), now()),
      };
    } catch (error) {
      return { status: 0, error };
    }
  };
}

/** Hands batches to a function in this process. What it throws counts as unreachable. */
export function transportSender(transport: IngestTransport, now: () => number): SendBatch {
  return async (events, losses) => {
    try {
      const text = encodeRequest(events, losses, new Date(now()).toISOString());
      return { status: 200, body: await transport(JSON.parse(text) as IngestRequest) };
    } catch (error) {
      return { status: 0, error };
    }
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
