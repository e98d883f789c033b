import type { CallEnd } from './call-recorder.ts';

/** Codes of providers that say more than the status. A closed list: what a provider sends may hold anything. */
const tellingCodes = /^(insufficient_quota|context_length_exceeded|content_filter|model_not_found)$/;

/**
 * An end as an error: of the provider's own code when it is one of the telling ones, else of this class. With an
 * HTTP status the answer is complete.
 */
export function failedEnd(code: unknown, errorClass: string, httpStatus?: number): CallEnd {
  const telling = tellingCodes.exec(String(code))?.[0];
  return { status: 'error', complete: !!httpStatus, errorClass: telling ?? errorClass, httpStatus };
}

/** Errors of a host's own may number themselves as they like; only these are of HTTP, and only these are taken. */
const isHttpStatus = (status: unknown): status is number =>
  typeof status === 'number' && /^[1-5]\d\d$/.test(`${status}`);

/** How an attempt ended that was answered with an HTTP error. */
export const statusEnd = (status: number, code?: unknown): CallEnd =>
  isHttpStatus(status) ? failedEnd(code, `http_${status}`, status) : failedEnd(code, 'connection_failed');

/** How an attempt ended that another one follows: answered with this status, or (0) not at all. */
export const attemptEnd = (status: number | undefined): CallEnd =>
  status ? statusEnd(status) : failedEnd('', 'connection_failed');

/** An end with everything that was asked for. */
export const doneEnd: CallEnd = { status: 'ok', complete: true };

/** An end of a call of which the host saw all it wanted, but we did not. */
export const unfinishedEnd = (errorClass: string): CallEnd => ({ status: 'ok', complete: false, errorClass });

/**
 * The end of a stream that told none: `whole` is false when the host left or aborted, `finished` is true when the model
 * had written its last.
 */
export const untoldEnd = (whole: boolean, finished = false): CallEnd =>
  whole ? unfinishedEnd('usage_absent') : finished ? unfinishedEnd('closed_before_usage') : abortedEnd;

/** An end by the host's own will. */
export const abortedEnd: CallEnd = { status: 'aborted', complete: false, errorClass: 'aborted' };

interface ProviderError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly status?: unknown;
  readonly code?: unknown;
}

/**
 * How a failed call ended, from a short closed list of classes. Messages are never taken: they may quote the prompt.
 * `aborted` tells whether the host's own signal was behind it; classes are not told apart by their names, which
 * bundlers change.
 */
export function classifyError(error: unknown, aborted: boolean): CallEnd {
  const { name, message, status, code } = (error ?? {}) as ProviderError;
  if (aborted || name === 'AbortError' || message === 'Request was aborted.') return abortedEnd;
  if (isHttpStatus(status)) return statusEnd(status, code);
  const timedOut = /timed? ?out/i.test(String(message));
  const reason = error instanceof SyntaxError ? 'invalid_response' : 'connection_failed';
  return failedEnd(code, timedOut ? 'timeout' : reason);
}
