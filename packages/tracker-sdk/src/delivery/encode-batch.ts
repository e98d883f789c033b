import type { LossCount } from '@tallykit/protocol';
import { hostProcess } from '../context/ambient.ts';

/** The text of an ingest request from events that are text already. */
export function encodeRequest(
  events: readonly string[],
  losses: readonly LossCount[],
  sentAt: string,
): string {
  const reported = losses.length > 0 ? `,"losses":${JSON.stringify(losses)}` : '';
  return `{"protocol":1,"sentAt":"${sentAt}","events":[${events.join(',')}]${reported}}`;
}

/** A body as it goes over the wire. */
export interface EncodedBody {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly encoding: 'gzip' | undefined;
}

/** Below this many characters the headers outweigh what compression saves. */
const worthCompressing = 1024;

interface NodeCompression {
  gzip(data: Uint8Array, done: (error: Error | null, zipped: Uint8Array<ArrayBuffer>) => void): void;
}

/**
 * Compresses with Node's own library where there is one, because it is several times faster than the web's
 * `CompressionStream`, which the edge has. With neither, the text goes as it is.
 */
export async function encodeBody(text: string): Promise<EncodedBody> {
  if (text.length >= worthCompressing) {
    const node = hostProcess()?.getBuiltinModule?.('zlib') as NodeCompression | undefined;
    if (node) {
      const bytes = new TextEncoder().encode(text);
      const body = await new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
        node.gzip(bytes, (error, zipped) => (error ? reject(error) : resolve(zipped)));
      });
      return { body, encoding: 'gzip' };
    }
    if (typeof CompressionStream === 'function') {
      const zipped = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
      return { body: new Uint8Array(await new Response(zipped).arrayBuffer()), encoding: 'gzip' };
    }
  }
  return { body: text, encoding: undefined };
}
