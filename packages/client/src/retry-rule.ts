/** How reads are asked again. Writes are never sent twice. */
export interface RetryOptions {
  /** Times to ask again after the first try; 2 unless told. */
  readonly limit?: number | undefined;
  /** Pause before the nth repetition (from 1) when the server names none; doubles from 300 ms, with jitter, unless told. */
  readonly delayMs?: ((attempt: number) => number) | undefined;
  /** Longest pause that is worth waiting for when the server names one with `Retry-After`; 20 s unless told. */
  readonly maxRetryAfterMs?: number | undefined;
}

/** {@link RetryOptions} with nothing left open. */
export interface RetryRule {
  readonly limit: number;
  readonly delayMs: (attempt: number) => number;
  readonly maxRetryAfterMs: number;
}

/** Answers that mean "not now" rather than "no". */
export const retriedStatuses: readonly number[] = [429, 502, 503, 504];

/** Fills in what was not told; `false` means never. `random` gives numbers from 0 to 1 for the jitter. */
export function retryRuleOf(options: RetryOptions | false | undefined, random: () => number): RetryRule {
  const told = options === false ? { limit: 0 } : (options ?? {});
  return {
    limit: told.limit ?? 2,
    delayMs: told.delayMs ?? ((attempt) => 300 * 2 ** (attempt - 1) * (0.5 + random() / 2)),
    maxRetryAfterMs: told.maxRetryAfterMs ?? 20_000,
  };
}
