/** Puts data through a stream of the platform. */
function through(data: string | ArrayBuffer, transform: CompressionStream | DecompressionStream): Response {
  return new Response(new Blob([data]).stream().pipeThrough(transform));
}

/** Compresses text with what every runtime of the last years has. */
export function gzip(text: string): Promise<ArrayBuffer> {
  return through(text, new CompressionStream('gzip')).arrayBuffer();
}

/** The text that was compressed. */
export function gunzip(zipped: ArrayBuffer): Promise<string> {
  return through(zipped, new DecompressionStream('gzip')).text();
}
