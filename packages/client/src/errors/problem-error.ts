import type { Problem } from '@tallykit/protocol';
import { ClientError, isClientErrorOf } from './client-error.ts';

/**
 * The server refused or failed. `code` is stable: `role_denied`, `field_withheld`, `too_detailed`, ...
 * An answer that is not a problem document (a proxy's error page) gets the code `http_<status>`.
 *
 * @example
 * try {
 *   await client.insights.get('token-spend');
 * } catch (error) {
 *   if (isProblemError(error) && error.status === 403) showAskAnAdmin(error.detail);
 * }
 */
export class ProblemError extends ClientError {
  readonly status: number;
  readonly title: string;
  /** What happened, why it matters, what to do. */
  readonly detail: string;
  /** The parts of the request that are wrong; empty when the server names none. */
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[];
  /** How long the server asks to wait, in milliseconds; null when it does not say. */
  readonly retryAfterMs: number | null;

  constructor(problem: Problem, options: { retryAfterMs?: number | null } = {}) {
    super('problem', `${problem.status} ${problem.code}: ${problem.detail}`, {
      code: problem.code,
    });
    this.name = 'ProblemError';
    this.status = problem.status;
    this.title = problem.title;
    this.detail = problem.detail;
    this.errors = problem.errors ?? [];
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/**
 * Whether a caught value is a {@link ProblemError}.
 *
 * @example
 * if (isProblemError(error) && error.code === 'too_detailed') askForLess(error.detail);
 */
export function isProblemError(error: unknown): error is ProblemError {
  return isClientErrorOf(error, 'problem');
}
