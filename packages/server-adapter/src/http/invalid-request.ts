import type { $ZodError, $ZodIssue } from 'zod/v4/core';
import { problemError, type ProblemError } from './problem-error.ts';

/** At most this many wrong parts are told; a body of thousands of wrong rows needs no longer list. */
const shownIssues = 20;

/** One part of a request that is wrong. */
export interface WrongPart {
  /** JSON pointer into the body, or the name of a query parameter. */
  readonly pointer: string;
  readonly detail: string;
}

/**
 * The refusal of a body that does not fit its schema, with a JSON pointer to each wrong part.
 *
 * @example
 * const parsed = settleRequestSchema.safeParse(body);
 * if (!parsed.success) throw invalidRequest(parsed.error);
 */
export function invalidRequest(error: Pick<$ZodError, 'issues'>): ProblemError {
  return invalidParts(partsOf(error));
}

/**
 * The refusal of a request for parts that a schema does not look at.
 *
 * @example
 * throw invalidParts([{ pointer: '/origins/0', detail: 'Not an origin.' }]);
 */
export function invalidParts(parts: readonly WrongPart[]): ProblemError {
  return problemError({
    status: 400,
    code: 'invalid_request',
    title: 'Invalid request',
    detail:
      'The request does not have the expected shape, so nothing was done. Correct the parts that "errors" names and send it again.',
    errors: parts.slice(0, shownIssues),
  });
}

/** A path as a JSON pointer (RFC 6901); the empty pointer is the whole body. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

// A value that breaks two rules is still one part to correct.
function partsOf({ issues }: Pick<$ZodError, 'issues'>): readonly WrongPart[] {
  const parts = new Map<string, WrongPart>();
  for (const part of issues.flatMap(errorsOfIssue)) {
    if (!parts.has(part.pointer)) parts.set(part.pointer, part);
  }
  return [...parts.values()];
}

function errorsOfIssue(issue: $ZodIssue): WrongPart[] {
  if (issue.code !== 'unrecognized_keys')
    return [{ pointer: jsonPointer(issue.path), detail: detailOfIssue(issue) }];
  return issue.keys.map((key) => ({ pointer: jsonPointer([...issue.path, key]), detail: 'Unknown key.' }));
}

/** What is wrong with one part, in words. Never repeats the value, which may be a secret in the wrong place. */
export function detailOfIssue(issue: $ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `Expected ${issue.expected}.`;
    case 'invalid_value':
      return `Expected one of: ${issue.values.map(String).join(', ')}.`;
    case 'too_big':
      return `Must be ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unitOf(issue.origin)}.`;
    case 'too_small':
      return `Must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unitOf(issue.origin)}.`;
    case 'invalid_format':
      return `Does not have the expected form${issue.pattern === undefined ? '' : ` ${issue.pattern}`}.`;
    case 'unrecognized_keys':
      return `Unknown key: ${issue.keys.join(', ')}.`;
    default:
      return issue.message === 'Invalid input' ? 'Not a valid value.' : issue.message;
  }
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' entries' : '';
}
