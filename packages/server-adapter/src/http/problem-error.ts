const marker = Symbol.for('tallykit.problem-error');

/** Everything a refusal says. `status`, `code` and `title` belong together and are declared beside the code that refuses. */
export interface ProblemDescription {
  /** HTTP status of the answer. */
  readonly status: number;
  /** Stable, in snake_case; clients decide by it, never by the text. */
  readonly code: string;
  /** A few words that stay the same for every problem of this code. */
  readonly title: string;
  /** What happened, why it matters, what to do. Never internals, secrets or fields that the asker may not see. */
  readonly detail: string;
  /** The parts of the request that are wrong, by JSON pointer or query parameter. */
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[] | undefined;
  /** Extra headers of the answer, for example `retry-after`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * A refusal that a person or program can act on. Becomes an `application/problem+json` answer (RFC 9457).
 *
 * @example
 * const answer = await tallykit.ingest(request).catch((error: unknown) => {
 *   if (ProblemError.is(error) && error.code === 'ingestion_busy') return tryLater(request);
 *   throw error;
 * });
 */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors: ProblemDescription['errors'];
  readonly headers: ProblemDescription['headers'];
  readonly [marker] = true;

  constructor(description: ProblemDescription, options?: ErrorOptions) {
    super(description.detail, options);
    this.name = 'ProblemError';
    this.status = description.status;
    this.code = description.code;
    this.title = description.title;
    this.detail = description.detail;
    this.errors = description.errors;
    this.headers = description.headers;
  }

  /** True for a `ProblemError` of any copy of this package. */
  static is(error: unknown): error is ProblemError {
    return typeof error === 'object' && error !== null && marker in error;
  }
}

/**
 * Makes a refusal to throw.
 *
 * @example
 * throw problemError({
 *   status: 400, code: 'unknown_dimension', title: 'Unknown dimension',
 *   detail: 'The dataset has no dimension "colour". Choose one that GET /v1/datasets lists.',
 *   errors: [{ pointer: '/dimensions/0', detail: 'Not a dimension of token_usage.' }],
 * });
 */
export function problemError(description: ProblemDescription, options?: ErrorOptions): ProblemError {
  return new ProblemError(description, options);
}
