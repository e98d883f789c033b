import type { CallEnd } from '../../observe/call-recorder.ts';
import { abortedEnd, classifyError, failedEnd, statusEnd } from '../../observe/classify-error.ts';
import { fieldsOf } from '../../observe/read-value.ts';

/** Errors of the AI SDK before any request goes out. Their names are markers that bundlers leave alone. */
const neverSent =
  /^AI_(InvalidArgument|InvalidPrompt|LoadAPIKey|LoadSetting|NoSuchModel|TooManyEmbeddingValuesForCall|UnsupportedFunctionality)/;

const unreadable = /^AI_(JSONParse|TypeValidation|InvalidResponseData|EmptyResponseBody|NoContentGenerated)/;

/** How a call of a model ended that failed. Of the error, its status and its closed list of names are read alone. */
export function endOfModelError(error: unknown, aborted: boolean): CallEnd {
  const { name, statusCode, data, code, type } = fieldsOf(error);
  const reported = fieldsOf(fieldsOf(data)['error']);
  if (aborted) return abortedEnd;
  const status = Number.isInteger(statusCode) ? (statusCode as number) : 0;
  if (status >= 400) return statusEnd(status, reported['code'] ?? code);
  // An answer of 200 that could not be read, or an error that a provider reports inside of its stream.
  if (status || unreadable.test(String(name))) return failedEnd(code, 'invalid_response');
  if (neverSent.test(String(name))) return failedEnd(code, 'invalid_request');
  if (!(error instanceof Error)) return failedEnd(reported['code'] ?? code ?? type, 'server_error');
  return classifyError(error, false);
}
