/** What one attempt to send a batch came to. */
export interface SendResult {
  /** Of the HTTP answer; 0 when there was none, because the network failed or it took too long. */
  readonly status: number;
  /** Parsed JSON, if there was any. */
  readonly body?: unknown;
  readonly error?: unknown;
  readonly retryAfterMs?: number | undefined;
}

/** What to do with a batch after an attempt to send it that was not answered by the ingest endpoint. */
export type SendVerdict =
  /** The server cannot take it now. Try again for as long as it takes. */
  | 'wait'
  /** Something is wrong that may be repaired: try again, but not for ever. */
  | 'retry'
  | 'split'
  /** The request itself is at fault, so sending it again cannot help. */
  | 'refuse';

/** Decides by status alone. A 200 without an answer comes from something in between, so it is tried again. */
export function judge(status: number): SendVerdict {
  if (status === 413) return 'split';
  if ([0, 408, 429, 503].includes(status)) return 'wait';
  return [400, 415, 422].includes(status) ? 'refuse' : 'retry';
}

/**
 * Milliseconds to wait after this many failures in a row: what the server asks for, at most five minutes; else half
 * a second that doubles up to half a minute, of which up to half is taken away at random, so that a fleet does not
 * come back in step.
 */
export function retryDelay(failures: number, retryAfterMs: number | undefined, fraction: number): number {
  if (retryAfterMs !== undefined) return Math.min(retryAfterMs, 300_000);
  return Math.min(500 * 2 ** (failures - 1), 30_000) * (1 - fraction / 2);
}

/** Reads a `Retry-After` header, in seconds or as a date. `undefined` when it is missing or says nothing. */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  if (!header) return undefined;
  const milliseconds = Number(header) * 1000;
  const wait = Number.isNaN(milliseconds) ? Date.parse(header) - now : milliseconds;
  return wait >= 0 ? wait : undefined;
}
