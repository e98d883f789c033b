import { hostOf, requestOrigin } from '../http/request-origin.ts';
import { originNotAllowed, widgetNotAllowed } from './access-problems.ts';
import type { Caller } from './caller.ts';

/**
 * Refuses a token that is used by a page of another origin than those it names, or, when it names none, of a foreign
 * origin that the server does not list.
 */
export function checkEmbedOrigin(request: Request, caller: Caller, serverOrigins: readonly string[]): void {
  if (caller.credential !== 'embed_token') return;
  const tokenOrigins = caller.origins;
  const { origin, sameOrigin } = requestOrigin(request);
  if (tokenOrigins === null) {
    if (origin === null || sameOrigin || serverOrigins.includes(origin)) return;
    throw originNotAllowed();
  }
  if (origin !== null) {
    if (tokenOrigins.includes(origin)) return;
    throw originNotAllowed();
  }
  // Browsers send no origin with a read of the page's own site; its host stands for it then.
  const host = request.headers.get('host') ?? new URL(request.url).host;
  const ownPage = request.headers.get('sec-fetch-site') === 'same-origin';
  if (ownPage && tokenOrigins.some((allowed) => hostOf(allowed) === host)) return;
  throw originNotAllowed();
}

/** Refuses what a token that names widgets does not name. Routes without an insight pass null: such a token has none of them. */
export function checkEmbedWidget(caller: Caller, insightId: string | null): void {
  if (caller.widgets === null) return;
  if (insightId === null || !caller.widgets.includes(insightId)) throw widgetNotAllowed();
}
