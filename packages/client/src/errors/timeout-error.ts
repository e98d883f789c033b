import { ClientError, isClientErrorOf } from './client-error.ts';

/**
 * The answer did not come, or did not end, within `timeoutMs`.
 *
 * @example
 * if (isTimeoutError(error)) offerShorterRange(error.timeoutMs);
 */
export class TimeoutError extends ClientError {
  readonly timeoutMs: number;

  constructor(route: string, timeoutMs: number) {
    super(
      'timeout',
      `No whole answer to ${route} within ${timeoutMs} ms. Ask for a shorter range, or raise timeoutMs.`,
      { code: 'timeout' },
    );
    this.name = 'TimeoutError';
    this.timeoutMs = timeoutMs;
  }
}

/**
 * Whether a caught value is a {@link TimeoutError}.
 *
 * @example
 * if (isTimeoutError(error)) offerShorterRange(error.timeoutMs);
 */
export function isTimeoutError(error: unknown): error is TimeoutError {
  return isClientErrorOf(error, 'timeout');
}
