import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { markPattern } from './provider-in-memory.ts';
import type { Peer } from './peer.ts';

/** What reached a {@link Collector}. */
export interface Seen {
  readonly requests: number;
  /** Bytes of the accepted bodies, as they travelled. */
  readonly bytes: number;
  /** Different calls. */
  readonly calls: number;
  readonly compressed: boolean;
  /** The prompt's words travelled. */
  readonly content: boolean;
  /** The wrapper told the collector about events that it dropped. */
  readonly lossesTold: boolean;
}

/** A server on loopback that accepts what any wrapper sends, and counts the calls that are in it. */
export interface Collector {
  readonly endpoint: string;
  readonly seen: () => Seen;
  /** Begins anew. Calls up to this one, of a warm-up say, are not counted when they arrive late. */
  readonly reset: (lastCall?: number) => void;
  readonly answerWith: (status: number) => void;
  readonly close: () => Promise<void>;
}

const decoders: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};

/** Starts a {@link Collector} for one wrapper on a free port. */
export async function startCollector(peer: Peer): Promise<Collector> {
  const empty = { requests: 0, bytes: 0, compressed: false, content: false, lossesTold: false };
  let counted = { ...empty };
  let calls = new Set<string>();
  let lastIgnored = 0;
  let status = 200;
  let endpoint = '';

  function count(body: Buffer, encoding: string): string {
    const plain = decoders[encoding]?.(body) ?? body;
    // Some compress the body and do not say so in a header.
    const text = (plain[0] === 0x1f && plain[1] === 0x8b ? gunzipSync(plain) : plain).toString('latin1');
    let has = false;
    for (const [, call = ''] of text.matchAll(peer.records ?? markPattern)) {
      if (!peer.records && Number(call) <= lastIgnored) continue;
      calls.add(call);
      has = true;
    }
    if (has) {
      counted.requests++;
      counted.bytes += body.length;
      counted.compressed ||= text.length !== body.length;
      counted.content ||= text.includes('Where is my parcel');
    }
    counted.lossesTold ||= text.includes('discarded_events') || /"losses":\[\{/.test(text);
    return text;
  }

  const server = createServer((incoming, response) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      if (status !== 200) {
        response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
        return;
      }
      const text = count(Buffer.concat(parts), String(incoming.headers['content-encoding'] ?? ''));
      const isBinary = incoming.headers['content-type'] === 'application/x-protobuf';
      response.setHeader('content-type', isBinary ? 'application/x-protobuf' : 'application/json');
      response.end(isBinary ? '' : (peer.answer?.(incoming.url ?? '/', () => text, endpoint) ?? '{}'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint,
    seen: () => ({ ...counted, calls: calls.size }),
    reset(lastCall = 0) {
      lastIgnored = lastCall;
      counted = { ...empty };
      calls = new Set();
    },
    answerWith: (next) => void (status = next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
