/**
 * Finds the path of a route behind whatever path the host mounted the handler at. With `basePath` exactly that is cut
 * off; without it the longest rest of the path that is a route counts, and the whole path when none is.
 */
export function routePathOf(
  pathname: string,
  basePath: string | null,
  isRoute: (path: string) => boolean,
): string {
  if (basePath !== null) {
    const below = pathname === basePath || pathname.startsWith(`${basePath}/`);
    return below ? pathname.slice(basePath.length) || '/' : '/not-below-the-base-path';
  }
  for (let start = 0; start !== -1; start = pathname.indexOf('/', start + 1)) {
    const rest = pathname.slice(start);
    if (isRoute(rest)) return rest;
  }
  return pathname;
}

/** A base path in its one form: a leading slash, none at the end, '' for the root. */
export function normalBasePath(basePath: string): string {
  const parts = basePath.split('/').filter((part) => part !== '');
  return parts.map((part) => `/${part}`).join('');
}
