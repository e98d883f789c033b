import { requestOrigin } from '../http/request-origin.ts';
import { crossSiteWrite } from './access-problems.ts';
import type { Caller } from './caller.ts';

const reads = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses writes that a foreign page could cause in a signed-in browser. Concerns only credentials that a browser adds by
 * itself (cookies, basic authentication): keys and tokens are put there by code that holds them.
 */
export function guardCookieWrite(request: Request, caller: Caller): void {
  if (caller.credential !== 'host' || reads.has(request.method)) return;
  if (!mayBeAmbient(request)) return;
  if (!requestOrigin(request).sameOrigin) throw crossSiteWrite('This one comes from another site.');
  if (!request.headers.has('x-tallykit-client'))
    throw crossSiteWrite('The header x-tallykit-client is missing.');
  // Requests without a body name no type; forms, which need no permission from a browser, always do.
  const type = request.headers.get('content-type') ?? 'application/json';
  if (!type.toLowerCase().startsWith('application/json')) {
    throw crossSiteWrite('The content type is not application/json.');
  }
}

function mayBeAmbient(request: Request): boolean {
  const authorization = request.headers.get('authorization');
  if (authorization !== null) return !/^bearer /i.test(authorization);
  return request.headers.has('cookie') || requestOrigin(request).fromBrowser;
}
