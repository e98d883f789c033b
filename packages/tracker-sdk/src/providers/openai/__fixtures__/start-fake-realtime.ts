import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A server on loopback that sends events to whoever opens a session. */
export interface FakeRealtime {
  /** Give it to a client as `baseURL`. */
  readonly baseURL: string;
  /** Resolves when a session is open. */
  readonly opened: Promise<void>;
  readonly send: (event: object) => void;
  readonly close: () => Promise<void>;
}

/** A frame of RFC 6455 that holds a whole text, as a server sends it. */
function frameOf(text: string): Buffer {
  const payload = Buffer.from(text);
  const head = payload.length < 126 ? Buffer.from([0x81, payload.length]) : Buffer.from([0x81, 126, 0, 0]);
  if (payload.length >= 126) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

/** Starts the fake. Events are those of OpenAI's reference of realtime server events. */
export async function startFakeRealtime(): Promise<FakeRealtime> {
  const server = createServer((_, response) => response.writeHead(404).end());
  let session: Socket | undefined;
  const opened = new Promise<void>((resolve) => {
    server.on('upgrade', (request, socket: Socket) => {
      const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
      const accepted = createHash('sha1').update(key).digest('base64');
      socket.on('error', () => undefined);
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
          `Sec-WebSocket-Accept: ${accepted}\r\nSec-WebSocket-Protocol: realtime\r\n\r\n`,
      );
      session = socket;
      resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    opened,
    send: (event) => void session?.write(frameOf(JSON.stringify(event))),
    close() {
      // An empty frame that closes, then the socket itself.
      session?.end(Buffer.from([0x88, 0]));
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        setTimeout(() => session?.destroy(), 20).unref();
      });
    },
  };
}
