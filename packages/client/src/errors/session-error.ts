import { ClientError, isClientErrorOf } from './client-error.ts';

/**
 * `getSession` failed, so there is no token to ask with. `cause` is what it threw.
 *
 * @example
 * if (isSessionError(error)) signInAgain(error.cause);
 */
export class SessionError extends ClientError {
  constructor(reason: string, options: { cause?: unknown } = {}) {
    super(
      'session',
      `No session token: ${reason} Nothing can be asked without one; the next request asks getSession again.`,
      { code: 'session_unavailable', cause: options.cause },
    );
    this.name = 'SessionError';
  }
}

/**
 * Whether a caught value is a {@link SessionError}.
 *
 * @example
 * if (isSessionError(error)) signInAgain(error.cause);
 */
export function isSessionError(error: unknown): error is SessionError {
  return isClientErrorOf(error, 'session');
}
