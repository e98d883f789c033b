/** What one attempt to send a batch came to. */
export interface SendResult {
  /** Of the HTTP answer; 0 when there was none, because the network failed or it took too long. */
  readonly status: number;
  /** Parsed JSON, if there was any. */
  readonly body?: unknown;
  readonly error?: unknown;
  readonly retryAfterMs?: number | undefined;
}

/** What to do with a batch after an attempt to send it. */
export type SendVerdict =
  | 'delivered'
  /** The server cannot take it now. Try again for as long as it takes. */
  | 'wait'
  /** Something is wrong that may be repaired: try again, but not for ever. */
  | 'retry'
  | 'split'
  /** The request itself is at fault, so sending it again cannot help. */
  | 'refused';

const firstDelayMs = 500;
const longestDelayMs = 30_000;
const longestRetryAfterMs = 300_000;

/** Decides by status alone. A 200 whose body is no answer comes from something in between, so it is tried again. */
export function judge(status: number, answered: boolean): SendVerdict {
  if (status === 200) return answered ? 'delivered' : 'retry';
  if (status === 0 || status === 408 || status === 429 || status === 503) return 'wait';
  if (status === 413) return 'split';
  return status === 400 || status === 415 || status === 422 ? 'refused' : 'retry';
}

/**
 * Milliseconds to wait after this many failures in a row: what the server asks for, else a doubling delay of which
 * up to half is taken away at random, so that a fleet does not come back in step.
 */
export function retryDelay(failures: number, retryAfterMs: number | undefined, fraction: number): number {
  if (retryAfterMs !== undefined) return Math.min(retryAfterMs, longestRetryAfterMs);
  return Math.min(firstDelayMs * 2 ** (failures - 1), longestDelayMs) * (1 - fraction / 2);
}

/** Reads a `Retry-After` header, in seconds or as a date. `undefined` when it is missing or says nothing. */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  if (!header) return undefined;
  const milliseconds = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}
