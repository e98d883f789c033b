import { problemError, type ProblemError } from '../http/problem-error.ts';
import type { Route } from './route.ts';

/** Tells which routes a path could mean. */
export interface RouteMatcher {
  isRoute(path: string): boolean;
  /** The methods of the path, or none when it is no route. */
  methodsOf(path: string): readonly string[];
  /** The route of a request, if there is one. */
  routeOf(method: string, path: string): Route | undefined;
}

/** Reads the paths of the list once. */
export function createRouteMatcher(routes: readonly Route[]): RouteMatcher {
  const patterns = routes.map((route) => ({
    route,
    method: route.method,
    pattern: new RegExp(`^${route.path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`),
  }));
  const methodsOf = (path: string) => [
    ...new Set(patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)),
  ];
  return {
    methodsOf,
    isRoute: (path) => methodsOf(path).length > 0,
    routeOf: (method, path) => patterns.find((one) => one.method === method && one.pattern.test(path))?.route,
  };
}

/** There is nothing at the path. */
export function noSuchRoute(): ProblemError {
  return problemError({
    status: 404,
    code: 'route_not_found',
    title: 'Not found',
    detail:
      'There is nothing at this path. GET /v1/openapi.json, below the path of the mount, lists every route.',
  });
}

/** The path is there, for other methods. */
export function methodNotAllowed(methods: readonly string[]): ProblemError {
  return problemError({
    status: 405,
    code: 'method_not_allowed',
    title: 'Method not allowed',
    detail: `The path answers ${methods.join(', ')} only, so nothing was done. GET /v1/openapi.json, below the path of the mount, lists every route.`,
    headers: { allow: methods.join(', ') },
  });
}
