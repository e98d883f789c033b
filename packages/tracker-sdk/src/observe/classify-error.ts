import type { CallEnd } from './observe-call.ts';

const classOfStatus: Readonly<Record<number, string>> = {
  400: 'bad_request',
  401: 'authentication_failed',
  403: 'permission_denied',
  404: 'not_found',
  409: 'conflict',
  413: 'request_too_large',
  422: 'unprocessable',
  429: 'rate_limited',
};

/** Codes of providers that say more than the status. A closed list: what a provider sends may hold anything. */
const tellingCodes = new Set([
  'insufficient_quota',
  'context_length_exceeded',
  'content_filter',
  'model_not_found',
  'rate_limit_exceeded',
  'invalid_prompt',
]);

/** The class of an HTTP status. */
export function classifyStatus(status: number): string {
  return classOfStatus[status] ?? (status >= 500 ? 'server_error' : 'http_error');
}

/** The provider's own code when it is one of the telling ones. */
export function tellingCode(code: unknown): string | undefined {
  return typeof code === 'string' && tellingCodes.has(code) ? code : undefined;
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
  if (aborted || name === 'AbortError' || message === 'Request was aborted.') {
    return { status: 'aborted', complete: false, errorClass: 'aborted' };
  }
  if (typeof status === 'number') {
    const errorClass = tellingCode(code) ?? classifyStatus(status);
    return { status: 'error', complete: true, errorClass, httpStatus: status };
  }
  const text = String(message);
  const errorClass =
    tellingCode(code) ??
    (error instanceof SyntaxError
      ? 'invalid_response'
      : /timed? ?out/i.test(text)
        ? 'timeout'
        : /connection|fetch failed|terminated|network/i.test(text)
          ? 'connection_failed'
          : 'unknown');
  return { status: 'error', complete: false, errorClass };
}
