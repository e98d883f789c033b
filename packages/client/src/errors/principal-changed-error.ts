import { ClientError, isClientErrorOf } from './client-error.ts';

/**
 * Somebody else is signed in than when the request began. Its answer is thrown away, so that one person's figures
 * never land in another's cache; ask again under the new principal.
 *
 * @example
 * if (isPrincipalChangedError(error)) askAgain();
 */
export class PrincipalChangedError extends ClientError {
  constructor() {
    super(
      'principal_changed',
      'The signed-in principal changed while the request was under way, so its answer was thrown away. Ask again.',
      { code: 'principal_changed' },
    );
    this.name = 'PrincipalChangedError';
  }
}

/**
 * Whether a caught value is a {@link PrincipalChangedError}.
 *
 * @example
 * if (isPrincipalChangedError(error)) askAgain();
 */
export function isPrincipalChangedError(error: unknown): error is PrincipalChangedError {
  return isClientErrorOf(error, 'principal_changed');
}
