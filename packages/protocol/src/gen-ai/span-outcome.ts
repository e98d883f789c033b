import type { LlmCallEvent } from '../usage-event.ts';
import { countOf, firstOf, nameOf } from './attribute-values.ts';
import type { GenAiSpan } from './gen-ai-span.ts';

/** How what a span tells of ended. */
export type SpanOutcome = Pick<LlmCallEvent, 'status' | 'complete' | 'errorClass' | 'httpStatus'>;

/** Classes of errors in SDKs, and the status that each stands for. */
const statusOfClass: Readonly<Record<string, number>> = {
  BadRequestError: 400,
  AuthenticationError: 401,
  PermissionDeniedError: 403,
  NotFoundError: 404,
  ConflictError: 409,
  UnprocessableEntityError: 422,
  RateLimitError: 429,
  InternalServerError: 500,
};

const tellingCodes = /^(insufficient_quota|context_length_exceeded|content_filter|model_not_found)$/;
const aborted = /abort|cancell?ed/i;
const timedOut = /timed?[ _-]?out/i;
const notConnected = /connect|ECONN|ENOTFOUND|network|fetch failed/i;

/** One of a short closed list, since what an instrumentation writes here may be anything, also a message. */
function classOf(type: string): { readonly errorClass: string; readonly httpStatus?: number } {
  const code = /^[45]\d\d$/.exec(type)?.[0];
  if (code !== undefined) return { errorClass: `http_${code}`, httpStatus: Number(code) };
  const plain = type.split('.').at(-1) ?? type;
  if (tellingCodes.test(plain)) return { errorClass: plain };
  const status = Object.hasOwn(statusOfClass, plain) ? statusOfClass[plain] : undefined;
  if (status !== undefined) return { errorClass: `http_${status}`, httpStatus: status };
  if (aborted.test(plain)) return { errorClass: 'aborted' };
  if (timedOut.test(plain)) return { errorClass: 'timeout' };
  return { errorClass: notConnected.test(plain) ? 'connection_failed' : 'other' };
}

/**
 * How a span ended. The reason is reduced to a class of a closed list: messages are never taken, since they may quote the
 * prompt.
 */
export function outcomeOf({ attributes, failed, events = [] }: GenAiSpan): SpanOutcome {
  const exception = events.find(({ name }) => name === 'exception');
  const type = nameOf(attributes['error.type']) ?? nameOf(exception?.attributes?.['exception.type']);
  if (!failed && attributes['error.type'] === undefined) return { status: 'ok', complete: true };
  const reason = classOf(type ?? '');
  const told = firstOf(attributes, ['http.response.status_code', 'http.status_code'], countOf);
  const httpStatus =
    reason.httpStatus ?? (told !== undefined && told >= 400 && told <= 599 ? told : undefined);
  if (reason.errorClass === 'aborted') return { status: 'aborted', complete: false, errorClass: 'aborted' };
  const errorClass =
    reason.errorClass === 'other' && httpStatus !== undefined ? `http_${httpStatus}` : reason.errorClass;
  const outcome: SpanOutcome = { status: 'error', complete: httpStatus !== undefined, errorClass };
  return httpStatus === undefined ? outcome : { ...outcome, httpStatus };
}
