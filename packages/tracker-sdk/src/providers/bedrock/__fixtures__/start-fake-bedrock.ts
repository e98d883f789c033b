import { createServer as createHttp1Server, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type ServerHttp2Session,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeEvent, encodeException } from './event-stream.ts';

/** Which operation a request is for, by the end of its path. */
export type FakeBedrockOperation =
  | 'converse'
  | 'converse-stream'
  | 'invoke'
  | 'invoke-with-response-stream'
  | 'count-tokens';

/** One request as the fake provider received it. */
export interface FakeBedrockRequest {
  readonly operation: FakeBedrockOperation;
  readonly modelId: string;
  readonly body: unknown;
  readonly index: number;
}

/** What the fake provider answers. */
export interface FakeBedrockReply {
  /** JSON of an answer that is not streamed. */
  readonly body?: unknown;
  /** Events of a stream: their type and payload. */
  readonly events?: readonly (readonly [type: string, payload: unknown])[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly failure?: { readonly status: number; readonly type: string; readonly message?: string } | undefined;
  /** Milliseconds before each further event. */
  readonly chunkDelayMs?: number | undefined;
  /** After this many events: an exception of this name, or a cut connection, or silence. */
  readonly interrupt?: { readonly afterEvents: number; readonly then: string } | undefined;
}

/** A local Bedrock runtime. */
export interface FakeBedrock {
  readonly endpoint: string;
  readonly requests: () => readonly FakeBedrockRequest[];
  readonly close: () => Promise<void>;
}

type Incoming = IncomingMessage | Http2ServerRequest;
// Both have these methods, in types that no call can be made through.
type Outgoing = Pick<ServerResponse, 'statusCode' | 'setHeader' | 'write' | 'end' | 'on' | 'destroy'>;

/**
 * Starts a fake Bedrock runtime, without TLS. Early releases of the SDK speak HTTP/1.1, later ones HTTP/2.
 * Paths, headers and errors are those of the Amazon Bedrock API reference; signatures are not checked. What was not set up
 * is answered with 404.
 */
export async function startFakeBedrock(
  reply: (request: FakeBedrockRequest) => FakeBedrockReply,
  protocol: 'HTTP/1.1' | 'HTTP/2' = 'HTTP/2',
): Promise<FakeBedrock> {
  const seen: FakeBedrockRequest[] = [];
  const sockets = new Set<Socket>();

  async function answer(incoming: Incoming, response: Outgoing, cut: () => void): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    response.setHeader('x-amzn-requestid', `request-${seen.length}`);
    const [, modelId = '', operation = ''] =
      /^\/model\/([^/]+)\/(converse|converse-stream|invoke|invoke-with-response-stream|count-tokens)$/.exec(
        incoming.url ?? '',
      ) ?? [];
    if (!operation) return fail(response, { status: 404, type: 'UnknownOperationException' });
    const text = Buffer.concat(parts).toString();
    const request: FakeBedrockRequest = {
      operation: operation as FakeBedrockOperation,
      modelId: decodeURIComponent(modelId),
      body: text ? JSON.parse(text) : undefined,
      index: seen.length,
    };
    seen.push(request);
    const { body, events, headers = {}, failure, chunkDelayMs, interrupt } = reply(request);
    if (failure) return fail(response, failure);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (!events) {
      if (body === undefined) return fail(response, { status: 404, type: 'ResourceNotFoundException' });
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(body));
      return;
    }
    response.setHeader('content-type', 'application/vnd.amazon.eventstream');
    let gone = false;
    response.on('error', () => undefined);
    response.on('close', () => (gone = true));
    for (const [type, payload] of interrupt ? events.slice(0, interrupt.afterEvents) : events) {
      if (gone) return;
      response.write(encodeEvent(type, payload));
      if (chunkDelayMs) await sleep(chunkDelayMs);
    }
    if (interrupt?.then === 'hang') return;
    if (interrupt?.then === 'disconnect') {
      await sleep(5);
      cut();
      return;
    }
    if (interrupt) response.write(encodeException(interrupt.then, 'canary-of-the-exception'));
    response.end();
  }

  const server =
    protocol === 'HTTP/1.1'
      ? createHttp1Server((incoming, response) => {
          const cut = (): unknown => incoming.socket.destroy();
          answer(incoming, response, cut).catch(cut);
        })
      : createHttp2Server((incoming, response) => {
          const cut = (): unknown => response.stream.session?.destroy();
          answer(incoming, response as unknown as Outgoing, cut).catch(cut);
        });
  server.on('session', (session: ServerHttp2Session) => session.on('error', () => undefined));
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests: () => seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function fail(
  response: Outgoing,
  { status, type, message = `canary-of-the-error ${status}` }: NonNullable<FakeBedrockReply['failure']>,
): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.setHeader('x-amzn-errortype', type);
  response.end(JSON.stringify({ message }));
}
