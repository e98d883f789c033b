import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Mountable } from '../http/mountable.ts';

/** A listener for `http.createServer`, or for one path of a server that the host runs. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Mounts Tallykit in a plain Node server.
 *
 * @example
 * const listener = toNodeListener(tallykit);
 * http.createServer((request, response) => {
 *   if (request.url?.startsWith('/api/tallykit/')) return listener(request, response);
 *   response.end('hello');
 * }).listen(3000);
 */
export function toNodeListener(tallykit: Mountable): NodeListener {
  const listener = getRequestListener((request) => tallykit.handler(request), {
    // The host's own globals are not ours to replace.
    overrideGlobalObjects: false,
  });
  return async (request, response) => {
    await listener(request, response);
  };
}
