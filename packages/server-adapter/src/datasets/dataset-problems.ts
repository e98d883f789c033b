import { problemError, type ProblemError } from '../http/problem-error.ts';

/** One wrong part of a request. */
export interface QuestionFault {
  /** JSON pointer into the body, or the name of the query parameter. */
  readonly pointer: string;
  readonly detail: string;
}

/** No dataset has this id, or it is not served yet. */
export function datasetNotFound(id: string): ProblemError {
  return problemError({
    status: 404,
    code: 'dataset_not_found',
    title: 'Dataset not found',
    detail: `There is no dataset "${id}" to query. GET /v1/datasets lists those that there are.`,
  });
}

/** The query is not a query of this dataset: a wrong shape, or an id or operator that it does not have. */
export function invalidQuery(faults: readonly QuestionFault[]): ProblemError {
  const [first] = faults;
  return problemError({
    status: 400,
    code: 'invalid_query',
    title: 'Invalid query',
    detail:
      `Nothing was read, because the query is not valid: ${first?.pointer ?? ''} ${first?.detail ?? ''}`.trim(),
    errors: faults,
  });
}

/** A withheld field was used to group, filter or order; that would tell what is withheld. */
export function fieldWithheld(field: string): ProblemError {
  return problemError({
    status: 403,
    code: 'field_withheld',
    title: 'Field withheld',
    detail: `The field "${field}" is not shown to you, so nothing can be grouped, filtered or ordered by it. Leave it out.`,
  });
}

/** A text that can be no customer's id. */
export function invalidCustomer(): ProblemError {
  return problemError({
    status: 400,
    code: 'invalid_customer',
    title: 'Invalid customer',
    detail: 'The id of a customer has 1 to 200 characters and no control characters, so nothing was read.',
  });
}

/** Amounts of several currencies would end up in one number. */
export function currencyCutRequired(currencies: readonly string[]): ProblemError {
  return problemError({
    status: 400,
    code: 'currency_cut_required',
    title: 'Cut by currency',
    detail: `The amounts asked for are in ${currencies.join(' and ')}, which are never added. Add the dimension "currency", or filter by one currency.`,
  });
}

/** No table of sums answers the question, and reading single calls would take too long. */
export function tooDetailed(advice: string): ProblemError {
  return problemError({
    status: 400,
    code: 'too_detailed',
    title: 'Too detailed',
    detail: `The question is more detailed than the sums that are kept. ${advice}`,
  });
}

/** Says the same for what does not exist and for what belongs to somebody else. */
export function notFound(what: 'call' | 'trace' | 'conversation'): ProblemError {
  return problemError({
    status: 404,
    code: 'not_found',
    title: 'Not found',
    detail: `There is no ${what} with this id among those that you may see.`,
  });
}

/** A cursor that is none, or that belongs to another question. */
export function invalidCursor(): ProblemError {
  return problemError({
    status: 400,
    code: 'invalid_cursor',
    title: 'Invalid cursor',
    detail:
      'The cursor belongs to another question, so nothing was read. Ask with the query of the page before, or begin again without a cursor.',
    errors: [{ pointer: '/cursor', detail: 'Not a cursor of this question.' }],
  });
}

/** A cursor that this store or this asker cannot use. */
export function cursorExpired(): ProblemError {
  return problemError({
    status: 410,
    code: 'cursor_expired',
    title: 'Cursor expired',
    detail:
      'The cursor was made for somebody else or by another store, so the list cannot go on from it. Begin again without a cursor.',
  });
}

/** A funnel is about one flow, and nobody said which. */
export function flowRequired(): ProblemError {
  return problemError({
    status: 400,
    code: 'flow_required',
    title: 'Choose a flow',
    detail:
      'A funnel shows the steps of one flow, so nothing was read. Filter by "flow_id" with the operator "eq" and one value.',
    errors: [{ pointer: '/filters', detail: 'Expected a filter on "flow_id".' }],
  });
}
