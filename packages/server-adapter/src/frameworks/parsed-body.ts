import type { IncomingMessage } from 'node:http';

/**
 * Puts back a body that a parser in front has taken: as it was for raw and text parsers, written again for JSON. Without
 * anything in `body` the request stays as it is, and the handler says that its body was read.
 */
export function withParsedBody(request: Request, incoming: IncomingMessage & { body?: unknown }): Request {
  if (!incoming.readableDidRead) return request;
  const body = bytesOf(incoming.body);
  const { method, url, signal } = request;
  if (method === 'GET' || method === 'HEAD') return request;
  const headers = new Headers(request.headers);
  // The parser has decompressed it, so the old length and encoding are not those of what is here.
  headers.delete('content-encoding');
  headers.delete('content-length');
  const again = new Request(url, { method, headers, signal, ...(body === null ? {} : { body }) });
  return body === null && incoming.headers['content-length'] !== '0' ? consumed(again) : again;
}

function bytesOf(body: unknown): Uint8Array<ArrayBuffer> | string | null {
  if (body === undefined || body === null) return null;
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return new Uint8Array(body);
  return JSON.stringify(body);
}

function consumed(request: Request): Request {
  Object.defineProperty(request, 'bodyUsed', { value: true });
  return request;
}
