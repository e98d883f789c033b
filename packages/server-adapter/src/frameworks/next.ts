import type { Mountable } from '../http/mountable.ts';

/** One function for each method that Next looks for in a route file. */
export type NextRoutes = Readonly<
  Record<'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS', (request: Request) => Promise<Response>>
>;

/**
 * Mounts Tallykit in a Next app with the app router, in a catch-all route file on the Node runtime.
 *
 * @example
 * // app/api/tallykit/[...path]/route.ts
 * export const runtime = 'nodejs';
 * export const dynamic = 'force-dynamic';
 * export const { GET, HEAD, POST, PUT, DELETE, OPTIONS } = toNextRoutes(tallykit);
 */
export function toNextRoutes(tallykit: Mountable): NextRoutes {
  const handle = (request: Request): Promise<Response> => tallykit.handler(request);
  return { GET: handle, HEAD: handle, POST: handle, PUT: handle, DELETE: handle, OPTIONS: handle };
}
