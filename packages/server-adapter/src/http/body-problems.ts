import { problemError, type ProblemError } from './problem-error.ts';

/** The body is larger than the server takes, as sent or once decompressed. */
export function bodyTooLarge(limit: number): ProblemError {
  return problemError({
    status: 413,
    code: 'body_too_large',
    title: 'Body too large',
    detail: `The body is larger than ${limit} bytes after decompression, so nothing was done. Send it in smaller batches.`,
  });
}

/** The body ended before it was whole. */
export function bodyTruncated(): ProblemError {
  return problemError({
    status: 400,
    code: 'body_truncated',
    title: 'Body truncated',
    detail: 'The body ended before it was whole, so nothing was done. Send the request again.',
  });
}

/** The bytes are not what the Content-Encoding says. */
export function bodyNotGzip(): ProblemError {
  return problemError({
    status: 400,
    code: 'body_not_gzip',
    title: 'Body is not gzip',
    detail:
      'The request says that its body is gzipped, and it is not. Compress it, or leave the header Content-Encoding out.',
  });
}

/** The text is no JSON. `position` is where reading stopped; the text itself is not repeated. */
export function bodyNotJson(position: string | null): ProblemError {
  return problemError({
    status: 400,
    code: 'body_not_json',
    title: 'Body is not JSON',
    detail: `The body is not valid JSON in UTF-8${position === null ? '' : ` (${position})`}, so nothing was done. Correct it and send it again.`,
  });
}

/** A route that needs a body got none. */
export function bodyMissing(): ProblemError {
  return problemError({
    status: 400,
    code: 'body_missing',
    title: 'Body missing',
    detail: 'The request has no body. Send a JSON document.',
  });
}

/** Something in front of the handler has read the body and kept it. */
export function bodyAlreadyRead(): ProblemError {
  return problemError({
    status: 500,
    code: 'body_already_read',
    title: 'Body already read',
    detail:
      'Something in front of Tallykit has read the body of the request and left nothing of it. Mount Tallykit before body parsers, or let them leave its path out.',
  });
}

/** The body is of a kind that the route does not read. */
export function wrongContentType(): ProblemError {
  return problemError({
    status: 415,
    code: 'content_type_not_json',
    title: 'Content type is not JSON',
    detail: 'The route reads JSON only. Send the header Content-Type: application/json.',
    headers: { accept: 'application/json' },
  });
}

/** The body is compressed in a way that the server does not read. */
export function wrongContentEncoding(): ProblemError {
  return problemError({
    status: 415,
    code: 'content_encoding_unknown',
    title: 'Content encoding unknown',
    detail:
      'The server reads bodies as they are or gzipped. Send the header Content-Encoding: gzip, or none.',
    headers: { 'accept-encoding': 'gzip' },
  });
}
