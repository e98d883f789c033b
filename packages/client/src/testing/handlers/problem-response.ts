import type { Problem } from '@tallykit/protocol';
import { HttpResponse } from 'msw';

/** Problems that the server answers with, as handlers and tests need them. */
export const fixtureProblems = {
  denied: {
    type: 'about:blank',
    title: 'Forbidden',
    status: 403,
    code: 'role_denied',
    detail: 'Members of an account cannot read analytics. Ask an admin of the account.',
  },
  failed: {
    type: 'about:blank',
    title: 'Internal Server Error',
    status: 500,
    code: 'internal_error',
    detail: 'The question could not be answered. Nothing is lost; ask again in a moment.',
  },
  unauthenticated: {
    type: 'about:blank',
    title: 'Unauthorized',
    status: 401,
    code: 'unauthenticated',
    detail: 'Nobody is signed in, or the session has ended. Sign in again.',
  },
  invalid: {
    type: 'about:blank',
    title: 'Bad Request',
    status: 400,
    code: 'invalid_request',
    detail: 'A part of the question has the wrong form. Correct what "errors" names and ask again.',
  },
  notConfigured: {
    type: 'about:blank',
    title: 'Not Found',
    status: 404,
    code: 'not_configured',
    detail: 'This has not been set up, so there is nothing to show. Set it up, or leave the widget out.',
  },
  notFound: {
    type: 'about:blank',
    title: 'Not Found',
    status: 404,
    code: 'not_found',
    detail: 'There is nothing with this id among what you may see.',
  },
} as const satisfies Record<string, Problem>;

/**
 * A problem as an answer.
 *
 * @example
 * const denied = problemResponse(fixtureProblems.denied);
 */
export function problemResponse(problem: Problem, headers: Readonly<Record<string, string>> = {}): Response {
  return HttpResponse.json(
    { ...problem },
    { status: problem.status, headers: { ...headers, 'content-type': 'application/problem+json' } },
  );
}

/** The answer to a body that its schema refuses, naming the first place that is wrong. */
export function invalidBody(issue: {
  readonly message: string;
  readonly path: readonly PropertyKey[];
}): Response {
  return problemResponse({
    ...fixtureProblems.invalid,
    errors: [{ pointer: issue.path.map((part) => `/${String(part)}`).join(''), detail: issue.message }],
  });
}
