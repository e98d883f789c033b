import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Mountable } from '../http/mountable.ts';
import { withParsedBody } from './parsed-body.ts';

/** A request as Express passes it: `url` without the path of the mount, and a body where a parser came first. */
export interface ExpressRequest extends IncomingMessage {
  originalUrl?: string;
  body?: unknown;
}

/** A handler for `app.use`. */
export type ExpressHandler = (request: ExpressRequest, response: ServerResponse) => Promise<void>;

/**
 * Mounts Tallykit in an Express app. Mount it before `express.json()`: a body parser in front costs its own limits (100 KB
 * unless told) and time. Behind one, what the parser left in `request.body` is used.
 *
 * @example
 * app.use('/api/tallykit', toExpressHandler(tallykit));
 * app.use(express.json());
 */
export function toExpressHandler(tallykit: Mountable): ExpressHandler {
  return async (incoming, response) => {
    // Express cuts the path of the mount off; the handler looks at the whole path, as in every other framework.
    if (incoming.originalUrl !== undefined) incoming.url = incoming.originalUrl;
    const listener = getRequestListener((request) => tallykit.handler(withParsedBody(request, incoming)), {
      overrideGlobalObjects: false,
    });
    await listener(incoming, response);
  };
}
