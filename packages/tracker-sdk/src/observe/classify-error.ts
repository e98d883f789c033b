import type { CallEnd } from './call-recorder.ts';

const classOfStatus: Readonly<Record<number, string>> = {
  400: 'bad_request',
  401: 'authentication_failed',
  403: 'permission_denied',
  404: 'not_found',
  429: 'rate_limited',
};

/** Codes of providers that say more than the status. A closed list: what a provider sends may hold anything. */
const tellingCodes = /^(insufficient_quota|context_length_exceeded|content_filter|model_not_found)$/;

/** How an attempt ended that was answered with an HTTP error. */
export function statusEnd(httpStatus: number, code?: unknown): CallEnd {
  const errorClass = classOfStatus[httpStatus] ?? (httpStatus < 500 ? 'http_error' : 'server_error');
  return failedEnd(tellingCode(code) ?? errorClass, true, httpStatus);
}

/** An end as an error of this class. */
export function failedEnd(errorClass: string, complete = false, httpStatus?: number): CallEnd {
  return { status: 'error', complete, errorClass, httpStatus };
}

/** An end by the host's own will. */
export const abortedEnd: CallEnd = { status: 'aborted', complete: false, errorClass: 'aborted' };

/** The provider's own code when it is one of the telling ones. */
export function tellingCode(code: unknown): string | undefined {
  return typeof code === 'string' && tellingCodes.test(code) ? code : undefined;
}

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
  if (typeof status === 'number') return statusEnd(status, code);
  if (error instanceof SyntaxError) return failedEnd('invalid_response');
  if (/timed? ?out/i.test(String(message))) return failedEnd('timeout');
  return failedEnd(tellingCode(code) ?? 'connection_failed');
}
