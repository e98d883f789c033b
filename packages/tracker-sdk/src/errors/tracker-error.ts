/** Why the tracker complains. The list is closed. */
export type TrackerErrorCode =
  'configuration_invalid' | 'delivery_failed' | 'delivery_refused' | 'budget_exceeded';

/**
 * An error of the tracker itself. `createTracker` throws it when it cannot work at all, and a guarded call is refused
 * with it (`budget_exceeded`); everything else is only handed to `onError`, because nothing here may fail the host's
 * own call.
 *
 * @example
 * createTracker({ endpoint, onError: ({ code, message }) => logger.warn(code, message) });
 */
export class TrackerError extends Error {
  readonly code: TrackerErrorCode;

  constructor(code: TrackerErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'TallykitTrackerError';
    this.code = code;
  }
}

/**
 * Recognizes a {@link TrackerError}, also one of another copy of this package.
 *
 * @example
 * if (isTrackerError(error) && error.code === 'configuration_invalid') process.exit(78);
 */
export function isTrackerError(error: unknown): error is TrackerError {
  return error instanceof Error && error.name === 'TallykitTrackerError';
}
