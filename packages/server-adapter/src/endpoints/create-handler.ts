import { Hono, type Context } from 'hono';
import { audit } from '../access/audit.ts';
import type { Caller } from '../access/caller.ts';
import { resolvePrincipal } from '../access/resolve-principal.ts';
import { finishAnswer, jsonAnswer } from '../http/answer.ts';
import { corsHeaders, preflightAnswer } from '../http/cors.ts';
import { ProblemError } from '../http/problem-error.ts';
import { problemResponse } from '../http/problem-response.ts';
import { readJsonBody } from '../http/read-body.ts';
import { requestIdOf } from '../http/request-id.ts';
import { routePathOf } from '../http/route-path.ts';
import { guardBody, guardCall } from './guard-call.ts';
import { createRouteMatcher, methodNotAllowed, noSuchRoute } from './match-route.ts';
import type { Parts } from './parts.ts';
import type { GuardedRoute, Route } from './route.ts';

/** The one function that every mount calls. It answers every request and rejects for none. */
export type Handler = (request: Request) => Promise<Response>;

/** Joins the list of routes with the parts they use. */
export function createHandler(routes: readonly Route[], parts: Parts): Handler {
  const matcher = createRouteMatcher(routes);
  const pathOf = (request: Request) => {
    const path = routePathOf(new URL(request.url).pathname, parts.basePath, matcher.isRoute);
    return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  };
  const app = new Hono({ getPath: pathOf });

  for (const route of routes) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    app.on(route.method, path, (context) => serveRoute(route, context, parts));
  }
  app.notFound(({ req }) => {
    const methods = matcher.methodsOf(pathOf(req.raw));
    if (methods.length === 0) throw noSuchRoute();
    if (req.method === 'OPTIONS')
      return new Response(null, { status: 204, headers: { allow: methods.join(', ') } });
    throw methodNotAllowed(methods);
  });
  app.onError((error) => {
    throw error;
  });

  return async (request) => {
    const requestId = requestIdOf(request);
    const preflight = preflightAnswer(request, parts.origins);
    if (preflight !== null) return preflight;
    const { method, url } = request;
    const failed = { requestId, method, path: new URL(url).pathname, logger: parts.logger };
    let answer: Response;
    try {
      answer = await app.fetch(request);
    } catch (error) {
      const problem = problemResponse(error, failed);
      answer = (await matcher.routeOf(method, pathOf(request))?.refuse?.(problem, request)) ?? problem;
    }
    return finishAnswer(answer, { ...corsHeaders(request, parts.origins), 'x-request-id': requestId });
  };
}

async function serveRoute(route: Route, context: Context, parts: Parts): Promise<Response> {
  const request = context.req.raw;
  if (route.needs === 'nothing') {
    const body = route.body === undefined ? undefined : await readJsonBody(request, parts.bodyLimit);
    return toResponse(await route.handle({ request, parts, body }));
  }
  await parts.ready();
  const caller = await resolvePrincipal(request, parts.resolve);
  parts.rateLimiter?.take(`${caller.principal.organizationId} ${caller.keyId ?? caller.principal.subject}`);
  return serveCaller(route, { request, caller, params: context.req.param() }, parts);
}

async function serveCaller(
  route: GuardedRoute,
  call: {
    readonly request: Request;
    readonly caller: Caller;
    readonly params: Readonly<Record<string, string>>;
  },
  parts: Parts,
): Promise<Response> {
  const { request, caller } = call;
  const { principal } = caller;
  const store = parts.storage.forOrganization(principal);
  const trail = { store, clock: parts.clock, logger: parts.logger };
  const target = `${route.method} ${route.path}`;
  try {
    guardCall(route, { ...call, parts });
    const body = route.body === undefined ? undefined : await readJsonBody(request, parts.bodyLimit);
    guardBody(caller, body);
    const query = new URL(request.url).searchParams;
    const answer = toResponse(await route.handle({ ...call, query, body, store, parts }));
    if (route.audit !== undefined) {
      await audit({ principal, action: route.audit, target, outcome: 'allowed', code: null }, trail);
    }
    return answer;
  } catch (error) {
    if (ProblemError.is(error) && error.status === 403) {
      const { code } = error;
      await audit({ principal, action: 'access.denied', target, outcome: 'denied', code }, trail);
    }
    throw error;
  }
}

function toResponse(value: unknown): Response {
  if (value instanceof Response) return value;
  return value === undefined ? new Response(null, { status: 204 }) : jsonAnswer(value);
}
