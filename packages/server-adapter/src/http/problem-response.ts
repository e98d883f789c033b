import type { Problem } from '@tallykit/protocol';
import { StorageError, type StorageErrorCode } from '../storage/contract/storage-error.ts';
import type { Logger } from './logger.ts';
import { problemError, ProblemError } from './problem-error.ts';

/** What an answer to a failed request needs to know of the request. */
export interface ProblemContext {
  readonly requestId: string;
  readonly method: string;
  /** Path without the query, which may hold what should not be logged. */
  readonly path: string;
  readonly logger: Logger;
}

/** The one place where an error becomes an answer. What nobody foresaw becomes a 500 that tells an id and nothing else. */
export function problemResponse(error: unknown, context: ProblemContext): Response {
  const problem = ProblemError.is(error) ? error : unforeseen(error, context);
  const body: Problem = {
    type: 'about:blank',
    title: problem.title,
    status: problem.status,
    code: problem.code,
    detail: problem.detail,
    instance: `urn:tallykit:request:${context.requestId}`,
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
  };
  return new Response(JSON.stringify(body), {
    status: problem.status,
    headers: { ...problem.headers, 'content-type': 'application/problem+json' },
  });
}

function unforeseen(error: unknown, context: ProblemContext): ProblemError {
  const { requestId, method, path, logger } = context;
  logger.error('A request failed.', { requestId, method, path, error });
  if (StorageError.is(error) && storeDown.includes(error.code)) {
    return problemError({
      status: 503,
      code: 'store_unavailable',
      title: 'Store unavailable',
      detail: `The store cannot answer at the moment. Nothing was changed. Try again; GET /readyz tells when it is back (request ${requestId}).`,
      headers: { 'retry-after': '5' },
    });
  }
  return problemError({
    status: 500,
    code: 'internal_error',
    title: 'Internal error',
    detail: `The request failed for a reason that is not yours. It was logged as request ${requestId}: give this id to the operator.`,
  });
}

const storeDown: readonly StorageErrorCode[] = [
  'store_in_use',
  'store_closed',
  'schema_out_of_date',
  'schema_too_new',
  'row_level_security_unavailable',
  'unavailable',
];
