import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  FakeAnthropicReply,
  FakeAnthropicReplyFunction,
  FakeAnthropicRequest,
} from './fake-anthropic-reply.ts';
import {
  completionBody,
  completionEvents,
  errorBody,
  messageBody,
  messageEvents,
  type MessageHead,
} from './messages-wire.ts';

/** Settings of {@link startFakeAnthropic}. */
export interface FakeAnthropicOptions {
  /** Answers every request. There is no default answer: a test says what it expects of the provider. */
  readonly reply: FakeAnthropicReplyFunction;
  /** Default: 0, any free port of the loopback address. */
  readonly port?: number | undefined;
}

/** A running fake provider. */
export interface FakeAnthropic {
  /** Give it to the SDK as `baseURL`. */
  readonly baseURL: string;
  /** The last requests received, oldest first, at most 100; retries of the SDK included. */
  readonly requests: () => readonly FakeAnthropicRequest[];
  /** Answers every request from now on with this function. */
  readonly setReply: (reply: FakeAnthropicReplyFunction) => void;
  /** Stops listening and cuts open connections. */
  readonly close: () => Promise<void>;
}

const keptRequests = 100;

const routes: readonly (readonly [RegExp, FakeAnthropicRequest['operation']])[] = [
  [/^POST \/v1\/messages$/, 'messages'],
  [/^POST \/v1\/messages\/count_tokens$/, 'count_tokens'],
  [/^POST \/v1\/complete$/, 'complete'],
  [/^GET \/v1\/messages\/batches\/\w+$/, 'batch'],
  [/^GET \/v1\/messages\/batches\/\w+\/results$/, 'batch.results'],
];

/**
 * Starts a local provider that speaks the wire format of Anthropic's API over real HTTP: messages as JSON and as streams,
 * counts of tokens, legacy completions, results of batches, and errors. What it answers is up to `reply`.
 *
 * @example
 * const reply = () => ({ chunks: ['Hi'], usage: { input_tokens: 9, output_tokens: 2 } });
 * const provider = await startFakeAnthropic({ reply });
 * const client = new Anthropic({ apiKey: 'test', baseURL: provider.baseURL });
 * await provider.close();
 */
export async function startFakeAnthropic(options: FakeAnthropicOptions): Promise<FakeAnthropic> {
  const seen: FakeAnthropicRequest[] = [];
  let reply = options.reply;
  let count = 0;
  let baseURL = '';

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const index = count++;
    const path = (incoming.url ?? '').replace(/\?.*$/, '');
    const operation = routes.find(([route]) => route.test(`${incoming.method} ${path}`))?.[1];
    const text = await readBody(incoming);
    if (!operation) return sendJson(response, 404, errorBody('not_found_error', `Unknown path: ${path}`));
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    const request: FakeAnthropicRequest = { operation, body, headers: incoming.headers, index };
    seen.push(request);
    if (seen.length > keptRequests) seen.shift();

    const given = await reply(request);
    if (given.delayMs) await sleep(given.delayMs);
    if (response.destroyed) return;
    response.setHeader('request-id', `req_${index}`);
    if (given.failure) {
      const { status, type = 'api_error', message = `The fake provider answers ${status}.` } = given.failure;
      for (const [name, value] of Object.entries(given.failure.headers ?? {}))
        response.setHeader(name, value);
      return sendJson(response, status, errorBody(type, message));
    }
    const head: MessageHead = {
      id: given.id ?? `msg_${index}`,
      model: given.model ?? String(body['model'] ?? 'unknown'),
    };
    const streamed = body['stream'] === true;
    switch (operation) {
      case 'messages':
        if (!streamed) return sendJson(response, 200, messageBody(head, given));
        return sendEvents(response, messageEvents(head, given), given);
      case 'complete':
        if (!streamed) return sendJson(response, 200, completionBody(head, given));
        return sendEvents(response, completionEvents(head, given), given);
      case 'count_tokens':
        return sendJson(response, 200, { input_tokens: 12 });
      case 'batch':
        return sendJson(response, 200, {
          id: path.split('/').pop(),
          type: 'message_batch',
          processing_status: 'ended',
          results_url: `${baseURL}${path}/results`,
        });
      case 'batch.results': {
        const lines = (given.results ?? []).map((line) => `${JSON.stringify(line)}\n`);
        response.writeHead(200, { 'content-type': 'application/x-jsonl' });
        response.end(lines.join(''));
      }
    }
  }

  const server = createServer((incoming, response) => {
    answer(incoming, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, errorBody('api_error', `The fake provider failed: ${String(error)}`));
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    baseURL,
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

async function readBody(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

const eventOf = (event: object): string =>
  `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`;

/** Writes events at the pace of the reply, in one write when it has none, and goes wrong where it says so. */
async function sendEvents(
  response: ServerResponse,
  events: readonly object[],
  { chunkDelayMs = 0, interrupt }: FakeAnthropicReply,
): Promise<void> {
  const lines = events.map(eventOf).slice(0, interrupt?.afterEvents);
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.flushHeaders();
  if (chunkDelayMs > 0) {
    for (const line of lines) {
      if (response.destroyed) return;
      response.write(line);
      await sleep(chunkDelayMs);
    }
  } else if (lines.length > 0) {
    response.write(lines.join(''));
  }
  if (!interrupt) response.end();
  else if (interrupt.then === 'error') response.end(eventOf(errorBody('overloaded_error', 'Overloaded')));
  // Lets what was written reach the caller before the socket goes.
  else if (interrupt.then === 'disconnect') setTimeout(() => response.destroy(), 5);
}
