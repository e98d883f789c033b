import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** A server that accepts everything and counts what reached it. */
export interface Sink {
  readonly endpoint: string;
  readonly seen: { requests: number; bytes: number; events: number; readonly ids: Set<string> };
  /** Answers from now on with this status, after so many milliseconds. */
  readonly answerWith: (status: number, delayMs?: number) => void;
  readonly close: () => Promise<void>;
}

/** Starts a {@link Sink} on a free port of the loopback address. */
export async function startSink(): Promise<Sink> {
  const seen = { requests: 0, bytes: 0, events: 0, ids: new Set<string>() };
  let status = 200;
  let delayMs = 0;

  function take(body: Buffer, isZipped: boolean, response: ServerResponse): void {
    seen.requests++;
    response.setHeader('content-type', 'application/json');
    if (status !== 200) return void response.writeHead(status).end('{}');
    seen.bytes += body.length;
    const text = isZipped ? gunzipSync(body) : body;
    const { events } = JSON.parse(text.toString()) as { events: { id: string }[] };
    seen.events += events.length;
    for (const { id } of events) seen.ids.add(id);
    response.end(JSON.stringify({ accepted: events.length, duplicates: 0, problems: [] }));
  }

  const server = createServer((incoming, response) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const answer = (): void =>
        take(Buffer.concat(parts), incoming.headers['content-encoding'] === 'gzip', response);
      if (delayMs > 0) setTimeout(answer, delayMs);
      else answer();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    answerWith(next, nextDelayMs = 0) {
      status = next;
      delayMs = nextDelayMs;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
