import { isProblemError } from './errors/problem-error.ts';
import { PrincipalChangedError } from './errors/principal-changed-error.ts';
import type { Http, HttpRequest } from './http.ts';
import type { PrincipalIdentity } from './session/principal-identity.ts';
import type { TokenSource } from './session/token-source.ts';
import { untilAborted } from './until-aborted.ts';

/** What a caller may say about one request. */
export interface RequestOptions {
  /** Ends the request; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The principal under whose key the answer will be kept, from `client.session.principal()`. When somebody else is
   * signed in by then, the request fails with `PrincipalChangedError` instead of answering with another's figures.
   */
  readonly principal?: string | undefined;
}

/** Sends a request as the principal who is signed in. */
export type Send = <Answer>(request: HttpRequest, options?: RequestOptions) => Promise<Answer>;

/** Joins transport, token and identity: one renewal upon a 401, and no answer under another principal's name. */
export function createSend(http: Http, tokens: TokenSource | null, identity: PrincipalIdentity): Send {
  return async <Answer>(request: HttpRequest, options: RequestOptions = {}): Promise<Answer> => {
    const { signal } = options;
    const principal = options.principal ?? identity.current();
    const assertSamePrincipal = (): void => {
      if (identity.current() !== principal) throw new PrincipalChangedError();
    };
    const ask = async (token: string | null): Promise<Answer> => {
      assertSamePrincipal();
      const answer = await http<Answer>(request, { token, signal });
      assertSamePrincipal();
      return answer;
    };

    if (tokens === null) return ask(null);
    const token = await untilAborted(tokens.token(), signal);
    try {
      return await ask(token);
    } catch (error) {
      if (!isProblemError(error) || error.status !== 401) throw error;
      return ask(await untilAborted(tokens.replacementFor(token), signal));
    }
  };
}
