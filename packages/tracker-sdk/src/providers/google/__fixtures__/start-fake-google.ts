import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One request as the fake provider received it. */
export interface FakeGoogleRequest {
  /** The part of the path after the version, such as `models/gemini-2.5-flash`. */
  readonly model: string;
  /** The part after the colon, such as `generateContent`. */
  readonly method: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** 0 for the first request since the provider started. */
  readonly index: number;
}

/** What the fake provider answers: bodies as they go over the wire. */
export interface FakeGoogleReply {
  /** A stream sends each as an event; any other method sends the first. */
  readonly answers?: readonly object[] | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
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

/** A server on loopback that speaks the REST API of Gemini and of Vertex AI. */
export interface FakeGoogle {
  readonly baseUrl: string;
  readonly requests: () => readonly FakeGoogleRequest[];
  readonly close: () => Promise<void>;
}

// Paths, bodies, server-sent events and errors as published in https://ai.google.dev/api/generate-content,
// https://ai.google.dev/api/embeddings and https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference.
const knownPath =
  /^\/v1(?:beta1?)?\/(?:projects\/[^/]+\/locations\/[^/]+\/)?((?:publishers\/google\/)?models\/[^:]+):(generateContent|streamGenerateContent|batchEmbedContents|embedContent|predict)$/;

// https://ai.google.dev/api/interactions-api
const knownInteractions = /^\/v1(?:beta1?)?\/(?:projects\/[^/]+\/locations\/[^/]+\/)?interactions$/;

const errorBody = (code: number) => ({
  error: { code, message: `The fake provider answers ${code}.`, status: code === 429 ? 'RESOURCE_EXHAUSTED' : 'INTERNAL' },
});

/** Starts the fake provider. It answers 404 to whatever it was not made for. */
export async function startFakeGoogle(
  reply: (request: FakeGoogleRequest) => FakeGoogleReply,
): Promise<FakeGoogle> {
  const seen: FakeGoogleRequest[] = [];

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    response.sendDate = false;
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const url = new URL(incoming.url ?? '/', 'http://fake');
    const interaction = knownInteractions.test(url.pathname) ? ['', 'interactions', 'create'] : undefined;
    const [, model, method] = knownPath.exec(url.pathname) ?? interaction ?? [];
    if (incoming.method !== 'POST' || !model || !method) return sendJson(response, 404, errorBody(404));
    const body = JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>;
    const request = { model, method, body, index: seen.length };
    seen.push(request);
    const { answers = [], headers = {}, failure, delayMs = 0, chunkDelayMs = 0, interrupt } = reply(request);
    if (delayMs) await sleep(delayMs);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (failure) return sendJson(response, failure, errorBody(failure));
    const streamed = method === 'streamGenerateContent' || body['stream'] === true;
    if (!streamed) return sendJson(response, 200, answers[0] ?? {});
    if (!interaction && url.searchParams.get('alt') !== 'sse') return sendJson(response, 404, errorBody(404));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const sent = answers.slice(0, interrupt?.afterEvents ?? answers.length);
    for (const event of sent) {
      if (response.destroyed) return;
      response.write(`data: ${JSON.stringify(event)}\r\n\r\n`);
      await sleep(chunkDelayMs);
    }
    if (interrupt?.then === 'hang') return;
    if (interrupt?.then === 'disconnect') response.destroy();
    else if (interrupt?.then === 'error') response.end(`data: ${JSON.stringify(errorBody(500))}\r\n\r\n`);
    else response.end();
  }

  const server = createServer((incoming, response) => {
    answer(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    requests: () => [...seen],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' });
  response.end(JSON.stringify(body));
}
