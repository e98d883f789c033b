import { problemError, type ProblemError } from '../http/problem-error.ts';

/** One wrong query parameter. */
export interface ParameterFault {
  /** Name of the parameter. */
  readonly pointer: string;
  readonly detail: string;
}

/** Parameters that the insight does not have, or that make no sense. Nothing was read. */
export function invalidParameters(faults: readonly ParameterFault[]): ProblemError {
  return problemError({
    status: 400,
    code: 'invalid_parameter',
    title: 'Invalid parameter',
    detail: `Nothing was read, because of the query parameters: ${faults
      .map(({ pointer, detail }) => `"${pointer}": ${detail}`)
      .join(' ')}`,
    errors: faults,
  });
}

/** No insight has this id. */
export function insightNotFound(ids: readonly string[]): ProblemError {
  return problemError({
    status: 404,
    code: 'insight_not_found',
    title: 'Insight not found',
    detail: `There is no insight with this id. There are ${ids.join(', ')}.`,
  });
}
