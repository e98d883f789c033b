const marker = Symbol.for('tallykit.client-error');

/** What kind of failure a {@link ClientError} is. The list is closed. */
export type ClientErrorKind =
  'problem' | 'protocol' | 'connection' | 'timeout' | 'session' | 'principal_changed';

/**
 * Everything that the client throws, except an abort, which stays what the caller's signal said.
 * Narrow it by `kind` or by the guard of the class; both also hold when a page carries two copies of this package.
 *
 * @example
 * if (isClientError(error)) report(error.kind, error.code);
 */
export class ClientError extends Error {
  readonly kind: ClientErrorKind;
  /** Stable and meant for programs; for a problem it is the server's own code. */
  readonly code: string;

  constructor(kind: ClientErrorKind, message: string, options: { code?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ClientError';
    this.kind = kind;
    this.code = options.code ?? kind;
    Object.defineProperty(this, marker, { value: kind });
  }
}

/**
 * Whether a caught value came from the client.
 *
 * @example
 * if (isClientError(error) && error.kind === 'timeout') showRetryButton();
 */
export function isClientError(error: unknown): error is ClientError {
  return typeof error === 'object' && error !== null && marker in error;
}

/** Whether a caught value is the client's error of one kind; what the guards of the classes are made of. */
export function isClientErrorOf(error: unknown, kind: ClientErrorKind): boolean {
  return isClientError(error) && (error as { [marker]?: unknown })[marker] === kind;
}
