import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Which entry point a request is for. */
export type FakeCohereOperation = 'v2/chat' | 'v2/embed' | 'v2/rerank' | 'v1/chat' | 'v1/generate' | 'v1/embed' | 'v1/rerank';

/** One request as the fake provider received it. */
export interface FakeCohereRequest {
  readonly operation: FakeCohereOperation;
  readonly body: Readonly<Record<string, unknown>>;
  readonly index: number;
}

/** What the fake provider answers. */
export interface FakeCohereReply {
  /** JSON of an answer that is not streamed. */
  readonly body?: unknown;
  /** Events of a stream, as JSON. */
  readonly events?: readonly Readonly<Record<string, unknown>>[];
  readonly failure?: number | undefined;
  readonly chunkDelayMs?: number | undefined;
  /** After so many events the connection is cut, or nothing more comes. */
  readonly interrupt?: { readonly afterEvents: number; readonly then: 'disconnect' | 'hang' } | undefined;
}

/** A local Cohere. */
export interface FakeCohere {
  readonly baseUrl: string;
  readonly requests: () => readonly FakeCohereRequest[];
  readonly close: () => Promise<void>;
}

/**
 * Starts a fake Cohere. Paths, bodies and streams are those of Cohere's API reference: the second version of the API streams
 * server-sent events, the first one a JSON object a line. What was not set up is answered with 404.
 */
export async function startFakeCohere(
  reply: (request: FakeCohereRequest) => FakeCohereReply,
): Promise<FakeCohere> {
  const seen: FakeCohereRequest[] = [];

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const [, operation] = /^\/(v2\/(?:chat|embed|rerank)|v1\/(?:chat|generate|embed|rerank))$/.exec(incoming.url ?? '') ?? [];
    if (!operation) return fail(response, 404);
    const body = JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>;
    const request = { operation: operation as FakeCohereOperation, body, index: seen.length };
    seen.push(request);
    response.setHeader('x-debug-trace-id', `trace-${request.index}`);
    const { body: json, events, failure, chunkDelayMs, interrupt } = reply(request);
    if (failure) return fail(response, failure);
    if (!body['stream']) {
      if (json === undefined) return fail(response, 404);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(json));
      return;
    }
    if (!events) return fail(response, 404);
    const sse = operation.startsWith('v2');
    response.setHeader('content-type', sse ? 'text/event-stream' : 'application/stream+json');
    for (const event of interrupt ? events.slice(0, interrupt.afterEvents) : events) {
      if (response.destroyed) return;
      const text = JSON.stringify(event);
      response.write(sse ? `event: ${String(event['type'])}\ndata: ${text}\n\n` : `${text}\n`);
      if (chunkDelayMs) await sleep(chunkDelayMs);
    }
    if (interrupt?.then === 'hang') return;
    if (interrupt) setTimeout(() => response.destroy(), 5);
    else response.end(sse ? 'data: [DONE]\n\n' : '');
  }

  const server = createServer((incoming, response) => {
    answer(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    requests: () => seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function fail(response: ServerResponse, status: number): void {
  // A reset within the second makes the SDK try again at once.
  response.writeHead(status, {
    'content-type': 'application/json',
    'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 1),
  });
  response.end(JSON.stringify({ message: `canary-of-the-error ${status}` }));
}
