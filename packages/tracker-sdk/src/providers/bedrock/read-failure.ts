import type { CallEnd } from '../../observe/call-recorder.ts';
import { classifyError, failedEnd, statusEnd } from '../../observe/classify-error.ts';

/** Exceptions that come as events of a stream, or are thrown out of one, by name: names are text and outlive bundlers. */
const exceptionClasses: Readonly<Record<string, string>> = {
  internalserverexception: 'server_error',
  modelstreamerrorexception: 'server_error',
  modeltimeoutexception: 'timeout',
  serviceunavailableexception: 'server_error',
  throttlingexception: 'throttled',
  validationexception: 'invalid_request',
};

/** How a stream ended in which this exception came; `undefined` when it is none. */
export function exceptionEnd(name: unknown): CallEnd | undefined {
  const errorClass = exceptionClasses[String(name).toLowerCase()];
  return errorClass ? failedEnd('', errorClass) : undefined;
}

interface ServiceError {
  readonly name?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown } | undefined;
}

/** How a failed call ended: by its HTTP status, by its exception within a stream, or by what broke on the way. */
export function readFailure(error: unknown, aborted: boolean): CallEnd {
  const { name, $metadata } = (error ?? {}) as ServiceError;
  const status = $metadata?.httpStatusCode;
  if (aborted || name === 'AbortError') return classifyError(error, true);
  if (typeof status === 'number' && status >= 400) return statusEnd(status);
  const inStream = exceptionEnd(name);
  if (inStream) return inStream;
  if (name === 'TimeoutError') return failedEnd('', 'timeout');
  // Answered, but not with what the SDK can read.
  return typeof status === 'number' ? failedEnd('', 'invalid_response') : classifyError(error, false);
}
