/** Where a browser says that a request comes from. */
export interface RequestOrigin {
  /** The Origin header, or null: no browser, or a same-origin read, for which browsers send none. */
  readonly origin: string | null;
  readonly sameOrigin: boolean;
  /** Whether a browser sent the request, so far as headers tell. */
  readonly fromBrowser: boolean;
}

/**
 * Reads the origin of a request. The host is compared rather than the whole origin, since a proxy in front of the host
 * application ends TLS and the scheme seen here is not the browser's.
 */
export function requestOrigin(request: Request): RequestOrigin {
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site');
  const host = request.headers.get('host') ?? new URL(request.url).host;
  const sameHost = origin !== null && hostOf(origin) === host;
  return {
    origin,
    sameOrigin: site === null ? origin === null || sameHost : site === 'same-origin' || site === 'none',
    fromBrowser: origin !== null || site !== null,
  };
}

/** Host and port of an origin, or null where it is no origin (`null`, for example, in a sandboxed frame). */
export function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

/** An origin in its exact form, without a path or a trailing slash; null where the text is none. */
export function exactOrigin(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { origin, protocol, pathname, search, hash } = new URL(text);
  const plain = pathname === '/' && search === '' && hash === '';
  return plain && (protocol === 'https:' || protocol === 'http:') ? origin : null;
}
