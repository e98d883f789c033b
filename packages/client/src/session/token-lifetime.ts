/** When a token is to be renewed and when it is of no more use, in Unix milliseconds by this machine's clock. */
export interface TokenLifetime {
  /** From here on a renewal is started in the background while the token is still used. */
  readonly renewAt: number;
  /** From here on requests wait for the renewal. */
  readonly endsAt: number;
}

const shortestUseMs = 30_000;
const longestMarginMs = 60_000;

/**
 * Plans a token's renewal. The issuer's clock and ours may differ by any amount, so the token's own lifetime is counted
 * from when it arrived. When only an instant is known, a clock that runs ahead makes every token look expired: a token
 * that has just arrived is then used anyway for a while, and the server's refusal decides.
 */
export function planTokenLifetime(token: {
  readonly arrivedAt: number;
  readonly expiresAt: number;
  readonly lifetimeMs: number | null;
}): TokenLifetime {
  const stated = token.lifetimeMs ?? token.expiresAt - token.arrivedAt;
  const lasting = Number.isFinite(stated) ? Math.max(stated, shortestUseMs) : shortestUseMs;
  const margin = Math.min(longestMarginMs, lasting / 5);
  return { renewAt: token.arrivedAt + lasting - margin, endsAt: token.arrivedAt + lasting };
}
