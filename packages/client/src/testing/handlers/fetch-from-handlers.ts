import { getResponse, type RequestHandler } from 'msw';
import { untilAborted } from '../../until-aborted.ts';

/**
 * A `fetch` that is answered by msw handlers in place: no service worker, no patched globals, so it also works in a
 * static page under a strict content policy. What no handler answers is an error, never a real request.
 *
 * @example
 * const client = createClient({ baseUrl: fixtureBaseUrl, fetch: fetchFromHandlers(fixtureHandlers()) });
 */
export function fetchFromHandlers(handlers: readonly RequestHandler[]): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { signal } = request;
    const response = await untilAborted(getResponse([...handlers], request), signal);
    if (response === undefined) {
      throw new Error(`No handler answers ${request.method} ${request.url}. Add one, or check the base URL.`);
    }
    return response;
  };
}
