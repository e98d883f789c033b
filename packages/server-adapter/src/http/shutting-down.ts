import { problemError, type ProblemError } from './problem-error.ts';

/** Requests that come after `close()`. */
export function shuttingDown(): ProblemError {
  return problemError({
    status: 503,
    code: 'shutting_down',
    title: 'Shutting down',
    detail: 'The server is shutting down and takes no more requests. Send this one again in a moment.',
    headers: { 'retry-after': '2' },
  });
}
