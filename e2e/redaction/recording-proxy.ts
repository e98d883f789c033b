import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** Stands before a server and keeps every byte that reaches it: request lines, headers, and bodies unpacked. */
export interface RecordingProxy {
  readonly endpoint: string;
  readonly text: () => string;
  readonly close: () => Promise<void>;
}

/** Starts a {@link RecordingProxy} before the server at `target`. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const seen: string[] = [];
  const server = createServer((incoming, response) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const body = Buffer.concat(parts);
      const { method = 'GET', url = '/', rawHeaders } = incoming;
      const plain = incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      seen.push(`${method} ${url}`, ...rawHeaders, plain.toString());
      const headers = new Headers();
      for (const [name, value] of Object.entries(incoming.headers)) {
        if (!['host', 'connection', 'content-length', 'transfer-encoding'].includes(name))
          headers.set(name, String(value));
      }
      const init = { method, headers, ...(body.length > 0 && { body }) };
      fetch(`${target}${url}`, init)
        .then(async (answer) => {
          const type = answer.headers.get('content-type') ?? 'application/json';
          response
            .writeHead(answer.status, { 'content-type': type })
            .end(Buffer.from(await answer.arrayBuffer()));
        })
        .catch(() => response.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    text: () => seen.join('\n'),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
