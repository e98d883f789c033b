import type { IngestAnswer, IngestRequest } from '@tallykit/protocol';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** One request as the collector got it. */
export interface CollectedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly wireBytes: number;
  readonly request: IngestRequest;
}

/** What the collector answers. */
export interface CollectorAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: IngestAnswer | string;
  readonly delayMs?: number;
}

/** An ingest endpoint over real HTTP that answers as it is told. By default it accepts and remembers everything once. */
export async function startCollector(
  answer: (request: IngestRequest, index: number) => CollectorAnswer = () => ({}),
) {
  const seen: CollectedRequest[] = [];
  const landed = new Map<string, number>();
  const server = createServer((incoming, response) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const wire = Buffer.concat(parts);
      const plain = incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(wire) : wire;
      const request = JSON.parse(plain.toString()) as IngestRequest;
      const { url = '', headers } = incoming;
      seen.push({ path: url, headers, wireBytes: wire.byteLength, request });
      const { status = 200, headers: sent = {}, body, delayMs = 0 } = answer(request, seen.length - 1);
      const send = (): void => {
        response.writeHead(status, { 'content-type': 'application/json', ...sent });
        if (status !== 200) return void response.end('{}');
        response.end(typeof body === 'string' ? body : JSON.stringify(body ?? accept(request)));
      };
      if (delayMs > 0) setTimeout(send, delayMs);
      else send();
    });
  });

  function accept(request: IngestRequest): IngestAnswer {
    let duplicates = 0;
    for (const { id } of request.events) {
      const before = landed.get(id) ?? 0;
      if (before > 0) duplicates++;
      landed.set(id, before + 1);
    }
    return { accepted: request.events.length - duplicates, duplicates, problems: [] };
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    /** Ids of events that landed. */
    landed,
    accept,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
