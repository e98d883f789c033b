import type { SessionAnswer } from '@tallykit/protocol';
import { sessionAnswerShape } from '../answers/answer-shapes.ts';
import { PrincipalChangedError } from '../errors/principal-changed-error.ts';
import { routes } from '../routes.ts';
import type { RequestOptions, Send } from '../send.ts';
import type { PrincipalIdentity } from '../session/principal-identity.ts';

/** Who is asking. */
export interface SessionResource {
  /** Who the server takes the caller for, and what that principal may do. */
  get(options?: RequestOptions): Promise<SessionAnswer>;
  /** The key that every cached answer must begin with. It changes when somebody else signs in. */
  principal(): string;
  /** Runs after the principal has changed; answers with the way to stop. Made for `useSyncExternalStore`. */
  subscribe(listener: () => void): () => void;
  /**
   * Says that somebody else is signed in, or nobody: forgets the token and changes the principal. A change that shows
   * in the token or in the server's answers is noticed without it.
   */
  change(principal?: string): void;
}

/** The session over one client's transport. */
export function sessionResource(
  send: Send,
  identity: PrincipalIdentity,
  forgetToken: () => void,
): SessionResource {
  return {
    get: async (options) => {
      const answer = await send<SessionAnswer>(
        { route: routes.getSession, safe: true, answer: sessionAnswerShape },
        options,
      );
      const { subject, role, organization, customer, permissions } = answer;
      const seen = JSON.stringify([
        organization.id,
        customer?.id ?? null,
        subject,
        role,
        [...permissions].sort(),
      ]);
      if (identity.observe('answer', seen)) throw new PrincipalChangedError();
      return answer;
    },
    principal: identity.current,
    subscribe: identity.subscribe,
    change: (principal) => {
      forgetToken();
      identity.change(principal);
    },
  };
}
