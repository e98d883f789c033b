import type { Context } from 'hono';
import type { Mountable } from '../http/mountable.ts';

/**
 * Mounts Tallykit in a Hono app, on any runtime that its store runs on.
 *
 * @example
 * app.all('/api/tallykit/*', toHonoHandler(tallykit));
 */
export function toHonoHandler(tallykit: Mountable): (context: Context) => Promise<Response> {
  return (context) => tallykit.handler(context.req.raw);
}
