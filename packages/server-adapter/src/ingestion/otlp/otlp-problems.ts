import { problemError, type ProblemError } from '../../http/problem-error.ts';

/** The body is none of the two forms that OTLP over HTTP has. */
export function notOtlp(): ProblemError {
  return problemError({
    status: 415,
    code: 'content_type_not_otlp',
    title: 'Content type is not OTLP',
    detail:
      'The route reads traces in OTLP only. Send the header Content-Type: application/x-protobuf or application/json.',
    headers: { accept: 'application/x-protobuf, application/json' },
  });
}

/** The body is no request to export traces. What it holds is not repeated. */
export function undecodable(): ProblemError {
  return problemError({
    status: 400,
    code: 'traces_not_readable',
    title: 'Traces not readable',
    detail:
      'The body is no ExportTraceServiceRequest of OTLP, so nothing was stored. Send traces only, in the encoding that the header Content-Type names.',
  });
}
