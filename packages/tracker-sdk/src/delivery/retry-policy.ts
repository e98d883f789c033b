import type { LossReason } from '@tallykit/protocol';

/** Whether the server is unreachable (0) or has no time: then it is waited for as long as it takes. */
export function isBusy(status: number): boolean {
  return [0, 408, 429, 503].includes(status);
}

/**
 * Why a batch is given up after an attempt that the ingest endpoint did not answer; `undefined` to try again. A
 * request that is itself at fault is not repeated; other trouble may be repaired, until the attempts are exhausted.
 */
export function giveUpReason(status: number, exhausted: boolean): LossReason | undefined {
  if (status === 413) return 'event_too_large';
  if ([400, 415, 422].includes(status)) return 'rejected';
  if (isBusy(status) || !exhausted) return undefined;
  return status === 401 || status === 403 ? 'unauthorized' : 'retries_exhausted';
}

/**
 * Milliseconds to wait after this many failures in a row: what the server asks for, at most five minutes; else half a second
 * that doubles up to half a minute, of which up to half is taken away at random, so that a fleet does not come back
 * in step.
 */
export function retryDelay(failures: number, retryAfterMs: number | undefined, fraction: number): number {
  return Math.min(
    retryAfterMs ?? 500 * 2 ** (failures - 1) * (1 - fraction / 2),
    retryAfterMs ? 300_000 : 30_000,
  );
}

/** Reads a `Retry-After` header, in seconds or as a date. `undefined` when it is missing or says nothing. */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  const wait = Number(header) * 1000 || Date.parse(header ?? '') - now;
  return wait > 0 ? wait : undefined;
}
