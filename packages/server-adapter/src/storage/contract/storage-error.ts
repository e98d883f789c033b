const marker = Symbol.for('tallykit.storage-error');

/** Codes of everything a store reports by itself. */
export type StorageErrorCode =
  | 'store_in_use'
  | 'store_closed'
  | 'schema_out_of_date'
  | 'schema_too_new'
  | 'row_level_security_unavailable'
  | 'unavailable'
  | 'unsupported_plan';

/**
 * A store could not do what it was asked to. The message says what happened, why it matters and what to do.
 *
 * @example
 * await tallykit.ready().catch((error: unknown) => {
 *   if (StorageError.is(error) && error.code === 'store_in_use') process.exit(75);
 *   throw error;
 * });
 */
export class StorageError extends Error {
  readonly code: StorageErrorCode;
  readonly [marker] = true;

  constructor(code: StorageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StorageError';
    this.code = code;
  }

  /** True for a `StorageError` of any copy of this package. */
  static is(error: unknown): error is StorageError {
    return typeof error === 'object' && error !== null && marker in error;
  }
}
