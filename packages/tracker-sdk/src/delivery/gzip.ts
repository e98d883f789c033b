import { runtime } from '../context/ambient.ts';

/** Puts data through a stream of the platform. */
function through(
  data: string | Uint8Array<ArrayBuffer>,
  transform: CompressionStream | DecompressionStream,
): Response {
  return new Response(new Blob([data]).stream().pipeThrough(transform));
}

/**
 * Compresses text with the platform's stream, or with the zlib of Node where that is missing. `undefined` where there
 * is neither.
 */
export async function gzip(text: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (!globalThis.CompressionStream) return runtime.process?.getBuiltinModule?.('zlib')?.gzipSync(text);
  return new Uint8Array(await through(text, new CompressionStream('gzip')).arrayBuffer());
}

/** The text that was compressed. */
export function gunzip(zipped: Uint8Array<ArrayBuffer>): Promise<string> {
  return through(zipped, new DecompressionStream('gzip')).text();
}
