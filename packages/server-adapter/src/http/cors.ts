import { requestOrigin } from './request-origin.ts';

/**
 * Headers that let a page of one of the listed origins read an answer. Never `*` and never credentials: such pages send
 * an embed token, which no browser adds by itself.
 */
export function corsHeaders(request: Request, origins: readonly string[]): Record<string, string> {
  const { origin } = requestOrigin(request);
  const vary = { vary: 'origin' };
  if (origin === null || !origins.includes(origin)) return vary;
  return {
    ...vary,
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'x-request-id, retry-after',
  };
}

/** The answer to a preflight, or null when the request is none. */
export function preflightAnswer(request: Request, origins: readonly string[]): Response | null {
  if (request.method !== 'OPTIONS' || !request.headers.has('access-control-request-method')) return null;
  const headers = corsHeaders(request, origins);
  if (headers['access-control-allow-origin'] === undefined)
    return new Response(null, { status: 403, headers });
  return new Response(null, {
    status: 204,
    headers: {
      ...headers,
      'access-control-allow-methods': 'GET, POST, PUT, DELETE',
      'access-control-allow-headers': 'authorization, content-type, content-encoding, x-tallykit-client',
      'access-control-max-age': '600',
    },
  });
}
