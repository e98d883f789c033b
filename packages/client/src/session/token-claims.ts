/** What the client reads from a token. Nothing here is trusted: the server alone checks tokens. */
export interface TokenClaims {
  /** Seconds from issue to expiry, by the issuer's clock alone; null when the token does not say. */
  readonly lifetimeMs: number | null;
  /** The same for two tokens of one principal with the same rights, different otherwise. */
  readonly identity: string;
}

const perToken = new Set(['iat', 'exp', 'nbf', 'jti']);

/** Reads the claims of a JWT without checking it; null for any other kind of token. */
export function readTokenClaims(token: string): TokenClaims | null {
  const payload = token.split('.')[1];
  if (payload === undefined) return null;
  const claims = decode(payload);
  if (claims === null) return null;
  const { iat, exp } = claims;
  const lifetimeMs =
    typeof iat === 'number' && typeof exp === 'number' && exp > iat ? (exp - iat) * 1000 : null;
  const lasting = Object.entries(claims).filter(([name]) => !perToken.has(name));
  lasting.sort(([left], [right]) => (left < right ? -1 : 1));
  return { lifetimeMs, identity: JSON.stringify(lasting) };
}

function decode(payload: string): Readonly<Record<string, unknown>> | null {
  try {
    const binary = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims)
      ? (claims as Readonly<Record<string, unknown>>)
      : null;
  } catch {
    return null;
  }
}
