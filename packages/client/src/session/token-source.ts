import type { EmbedSession } from '@tallykit/protocol';
import { embedSessionShape } from '../answers/answer-shapes.ts';
import { deviationOf } from '../answers/shape.ts';
import { SessionError } from '../errors/session-error.ts';
import type { PrincipalIdentity } from './principal-identity.ts';
import { readTokenClaims } from './token-claims.ts';
import { planTokenLifetime, type TokenLifetime } from './token-lifetime.ts';

/** Why a token is asked for. */
export type SessionReason = 'first' | 'expiry' | 'refused';

/**
 * Asks the host's own backend for an embed token, with the host's own sign-in. Called once at a time, never for each
 * request. The token is kept in memory only.
 *
 * @example
 * const getSession: GetSession = async ({ signal }) => (await fetch('/tallykit-session', { method: 'POST', signal })).json();
 */
export type GetSession = (request: {
  readonly reason: SessionReason;
  readonly signal: AbortSignal;
}) => Promise<EmbedSession>;

/** Holds the token and renews it. */
export interface TokenSource {
  /** A token to ask with; waits only when there is none that is still good. */
  token(): Promise<string>;
  /** Says that the server refused this token with 401: a newer one, renewed at most once for all who were refused. */
  replacementFor(refused: string): Promise<string>;
  /** Forgets the token. */
  forget(): void;
}

/** What a {@link TokenSource} needs. */
export interface TokenSourceOptions {
  readonly getSession: GetSession;
  readonly identity: PrincipalIdentity;
  readonly now: () => number;
  readonly timeoutMs: number;
}

interface HeldToken {
  readonly text: string;
  readonly lifetime: TokenLifetime;
}

const pauseAfterFailureMs = 5_000;

/** Creates the source. It asks for nothing until the first request. */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { getSession, identity, now, timeoutMs } = options;
  let held: HeldToken | null = null;
  let renewal: Promise<HeldToken> | null = null;
  let quietUntil = 0;
  let epoch = 0;

  const renew = (reason: SessionReason): Promise<HeldToken> => {
    if (renewal !== null) return renewal;
    const started = fetchToken(reason, epoch).finally(() => {
      if (renewal === started) renewal = null;
    });
    renewal = started;
    return started;
  };

  const fetchToken = async (reason: SessionReason, startedIn: number): Promise<HeldToken> => {
    try {
      const session = await askHost(getSession, reason, timeoutMs);
      const claims = readTokenClaims(session.token);
      const next: HeldToken = {
        text: session.token,
        lifetime: planTokenLifetime({
          arrivedAt: now(),
          expiresAt: Date.parse(session.expiresAt),
          lifetimeMs: claims?.lifetimeMs ?? null,
        }),
      };
      // A sign-out while the host was being asked makes this the token of somebody who has left.
      if (startedIn !== epoch) throw new SessionError('somebody else signed in while it was being fetched.');
      held = next;
      if (claims !== null) identity.observe('token', claims.identity);
      return next;
    } catch (error) {
      quietUntil = now() + pauseAfterFailureMs;
      throw error;
    }
  };

  return {
    token: async () => {
      if (held === null || now() >= held.lifetime.endsAt) {
        return (await renew(held === null ? 'first' : 'expiry')).text;
      }
      if (now() >= held.lifetime.renewAt && now() >= quietUntil) {
        // Still good, so nobody waits; if it fails, the next request tries again.
        renew('expiry').catch(() => undefined);
      }
      return held.text;
    },
    replacementFor: async (refused) => {
      if (held !== null && held.text !== refused) return held.text;
      return (await renew('refused')).text;
    },
    forget: () => {
      epoch += 1;
      held = null;
      renewal = null;
    },
  };
}

async function askHost(
  getSession: GetSession,
  reason: SessionReason,
  timeoutMs: number,
): Promise<EmbedSession> {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      controller.abort();
      reject(new SessionError(`getSession did not answer within ${timeoutMs} ms.`));
    }, timeoutMs);
  });
  try {
    const session: unknown = await Promise.race([getSession({ reason, signal: controller.signal }), late]);
    if (deviationOf(embedSessionShape, session) === null) return session as EmbedSession;
    throw new SessionError(
      'getSession must answer with { token, expiresAt }, as POST /v1/embed-sessions does.',
    );
  } catch (cause) {
    if (cause instanceof SessionError) throw cause;
    throw new SessionError('getSession failed.', { cause });
  } finally {
    clearTimeout(timer);
  }
}
