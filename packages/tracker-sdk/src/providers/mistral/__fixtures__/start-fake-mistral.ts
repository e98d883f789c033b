import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One request as the fake provider received it. */
export interface FakeMistralRequest {
  readonly path: string;
  /** Whether the caller takes server-sent events. */
  readonly streamed: boolean;
  readonly body: string;
  /** 0 for the first request since the provider started. */
  readonly index: number;
}

/** What the fake provider answers: bodies as they go over the wire. */
export interface FakeMistralReply {
  /** A stream sends each as an event; any other request is answered with the first. */
  readonly answers?: readonly object[] | undefined;
  /** An HTTP error in place of an answer. */
  readonly failure?: number | undefined;
  /** Milliseconds before the answer begins. */
  readonly delayMs?: number | undefined;
  /** Milliseconds between the events of a stream. */
  readonly chunkDelayMs?: number | undefined;
  /** After this many events of a stream, do as `then` says. */
  readonly interrupt?:
    { readonly afterEvents: number; readonly then: 'error' | 'disconnect' | 'hang' } | undefined;
}

/** A server on loopback that speaks Mistral's API. */
export interface FakeMistral {
  readonly baseURL: string;
  readonly requests: () => readonly FakeMistralRequest[];
  readonly close: () => Promise<void>;
}

// Paths, bodies, events and errors as published in https://docs.mistral.ai/api and its OpenAPI document.
const knownPaths = new Set([
  '/v1/chat/completions',
  '/v1/agents/completions',
  '/v1/fim/completions',
  '/v1/embeddings',
  '/v1/ocr',
  '/v1/audio/transcriptions',
  '/v1/conversations',
]);

const errorBody = { object: 'error', message: 'The fake provider fails.', type: 'internal_error', code: '3000' };

/** Starts the fake provider. It answers 404 to whatever it was not made for. */
export async function startFakeMistral(
  reply: (request: FakeMistralRequest) => FakeMistralReply,
): Promise<FakeMistral> {
  const seen: FakeMistralRequest[] = [];

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const { pathname: path } = new URL(incoming.url ?? '/', 'http://fake');
    if (incoming.method !== 'POST' || !knownPaths.has(path)) return sendJson(response, 404, errorBody);
    const streamed = incoming.headers.accept === 'text/event-stream';
    const request = { path, streamed, body: Buffer.concat(parts).toString(), index: seen.length };
    seen.push(request);
    const { answers = [], failure, delayMs = 0, chunkDelayMs = 0, interrupt } = reply(request);
    if (delayMs) await sleep(delayMs);
    if (failure) return sendJson(response, failure, errorBody);
    if (!streamed) return sendJson(response, 200, answers[0] ?? {});
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    for (const event of answers.slice(0, interrupt?.afterEvents ?? answers.length)) {
      if (response.destroyed) return;
      const { type } = event as { type?: string };
      response.write(`${type ? `event: ${type}\n` : ''}data: ${JSON.stringify(event)}\n\n`);
      await sleep(chunkDelayMs);
    }
    if (interrupt?.then === 'hang') return;
    if (interrupt?.then === 'disconnect') response.destroy();
    else if (interrupt?.then === 'error') response.end(`data: ${JSON.stringify(errorBody)}\n\n`);
    else response.end(path.endsWith('/completions') ? 'data: [DONE]\n\n' : '');
  }

  const server = createServer((incoming, response) => {
    answer(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}`,
    requests: () => [...seen],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
