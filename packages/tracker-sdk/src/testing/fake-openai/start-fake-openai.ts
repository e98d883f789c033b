import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { chatBody, chatChunks, type AnswerHead } from './chat-wire.ts';
import { embeddingsBody } from './embeddings-wire.ts';
import {
  textOf,
  type FakeFailure,
  type FakeReply,
  type FakeReplyFunction,
  type FakeRequest,
} from './fake-reply.ts';
import { imageEvents, imagesBody, transcriptBody, transcriptEvents } from './media-wire.ts';
import { readBody, routeOf } from './read-request.ts';
import { responseBody, responseEvents } from './responses-wire.ts';
import { sendEvents } from './send-events.ts';

/** Settings of {@link startFakeOpenAI}. */
export interface FakeOpenAIOptions {
  /** Answers every request. There is no default answer: a test says what it expects of the provider. */
  readonly reply: FakeReplyFunction;
  /** Default: 0, any free port of the loopback address. */
  readonly port?: number | undefined;
  /** `false`: answers 400 to `stream_options`, as some compatible hosts do. Default: true. */
  readonly acceptsStreamOptions?: boolean | undefined;
  /** Unix milliseconds for `created`. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** A running fake provider. */
export interface FakeOpenAI {
  /** Give it to the SDK as `baseURL`: ends in `/v1`. */
  readonly baseURL: string;
  /** Requests received so far, retries of the SDK included. */
  readonly requestCount: () => number;
  /** The last requests received, oldest first, at most 100. */
  readonly requests: () => readonly FakeRequest[];
  /** Answers every request from now on with this function. */
  readonly setReply: (reply: FakeReplyFunction) => void;
  /** Stops listening and cuts open connections. */
  readonly close: () => Promise<void>;
}

const keptRequests = 100;
const keptResponses = 1000;

/**
 * Starts a local provider that speaks the wire format of OpenAI's API over real HTTP: chat completions and responses,
 * as JSON and as streams, embeddings, pictures, transcriptions and speech, retrieval, resumption and cancellation of
 * responses, and errors. What it answers is up to `reply`.
 *
 * @example
 * const provider = await startFakeOpenAI({ reply: () => ({ text: 'Hi', usage: { input: 9, output: 2 } }) });
 * const client = new OpenAI({ apiKey: 'test', baseURL: provider.baseURL });
 * await provider.close();
 */
export async function startFakeOpenAI(options: FakeOpenAIOptions): Promise<FakeOpenAI> {
  const { acceptsStreamOptions = true, now = Date.now } = options;
  const seen: FakeRequest[] = [];
  const stored = new Map<string, { head: AnswerHead; reply: FakeReply; body: FakeRequest['body'] }>();
  let reply = options.reply;
  let count = 0;

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const index = count++;
    const route = routeOf(incoming);
    const body = await readBody(incoming);
    if (!route) return fail(response, { status: 404, message: `Unknown path: ${incoming.url ?? ''}` });
    const request: FakeRequest = { ...route, body, headers: incoming.headers, index };
    seen.push(request);
    if (seen.length > keptRequests) seen.shift();

    const given = await reply(request);
    if (given.delayMs) await sleep(given.delayMs);
    if (response.destroyed) return;
    response.setHeader('x-request-id', `req_${index}`);
    for (const [name, value] of Object.entries(given.headers ?? {})) response.setHeader(name, value);
    if (given.failure) return fail(response, given.failure);
    if (!acceptsStreamOptions && body['stream_options'] !== undefined) {
      return fail(response, { status: 400, message: 'Unknown parameter: stream_options.' });
    }
    const head: AnswerHead = {
      id: given.id ?? route.responseId ?? `${route.operation === 'chat' ? 'chatcmpl' : 'resp'}_${index}`,
      model: given.model ?? String(body['model'] ?? 'unknown'),
      created: Math.floor(now() / 1000),
    };
    const streamed = body['stream'] === true;
    switch (route.operation) {
      case 'chat': {
        if (!streamed) return sendJson(response, 200, chatBody(head, given));
        const wish = body['stream_options'] as { include_usage?: boolean } | undefined;
        const lines = chatChunks(head, given, wish?.include_usage === true).map(
          (line) => `data: ${line}\n\n`,
        );
        return sendEvents(response, [...lines, 'data: [DONE]\n\n'], given);
      }
      case 'responses': {
        stored.set(head.id, { head, reply: given, body });
        if (stored.size > keptResponses) stored.delete(stored.keys().next().value ?? '');
        if (!streamed) return sendJson(response, 200, responseBody(head, given, body));
        return sendTyped(response, responseEvents(head, given, body), given);
      }
      case 'responses.retrieve':
      case 'responses.cancel': {
        const known = stored.get(head.id);
        if (!known) return fail(response, { status: 404, message: `No response ${head.id}.` });
        const whole = { ...known.reply, ...given };
        const query = new URL(incoming.url ?? '', 'http://localhost').searchParams;
        if (query.get('stream') !== 'true')
          return sendJson(response, 200, responseBody(known.head, whole, known.body));
        const after = Number(query.get('starting_after') ?? -1);
        const events = responseEvents(known.head, whole, known.body);
        return sendTyped(response, events.slice(after + 1), given);
      }
      case 'images.generate':
      case 'images.edit': {
        if (!streamed) return sendJson(response, 200, imagesBody(head, given));
        const kind = route.operation === 'images.edit' ? 'image_edit' : 'image_generation';
        return sendTyped(response, imageEvents(head, given, kind).map(typed), given);
      }
      case 'transcription':
      case 'translation': {
        if (streamed) return sendTyped(response, transcriptEvents(given).map(typed), given);
        if (body['response_format'] !== 'text')
          return sendJson(response, 200, transcriptBody(given, body['response_format']));
        response.writeHead(200, { 'content-type': 'text/plain' }).end(textOf(given));
        return;
      }
      case 'speech':
        response.writeHead(200, { 'content-type': 'audio/mpeg' }).end(Buffer.from(textOf(given)));
        return;
      case 'embeddings':
        return sendJson(response, 200, embeddingsBody(head, given, body));
    }
  }

  const server = createServer((incoming, response) => {
    answer(incoming, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else fail(response, { status: 500, message: `The fake provider failed: ${String(error)}` });
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    requestCount: () => count,
    requests: () => [...seen],
    setReply: (next) => {
      reply = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface TypedEvent {
  readonly type: string;
  readonly data: string;
}

const typed = (event: object): TypedEvent => ({
  type: String((event as { type?: unknown }).type),
  data: JSON.stringify(event),
});

const sendTyped = (
  response: ServerResponse,
  events: readonly TypedEvent[],
  reply: FakeReply,
): Promise<void> =>
  sendEvents(
    response,
    events.map(({ type, data }) => `event: ${type}\ndata: ${data}\n\n`),
    reply,
  );

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function fail(response: ServerResponse, failure: FakeFailure): void {
  for (const [name, value] of Object.entries(failure.headers ?? {})) response.setHeader(name, value);
  const { status, code = null, message = `The fake provider answers ${status}.` } = failure;
  const type = status >= 500 ? 'server_error' : 'invalid_request_error';
  sendJson(response, status, { error: { message, type, param: null, code } });
}
