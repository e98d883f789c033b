import { problemError, type ProblemError } from '../http/problem-error.ts';

/** Says the same for budgets of others and for those that do not exist. */
export function budgetNotFound(): ProblemError {
  return problemError({
    status: 404,
    code: 'budget_not_found',
    title: 'Budget not found',
    detail: 'There is no budget with this id among yours. GET /v1/budgets lists them.',
  });
}

/** A budget that the organization set over a customer, and that the customer wants to change. */
export function budgetNotEditable(): ProblemError {
  return problemError({
    status: 403,
    code: 'budget_not_editable',
    title: 'Budget not yours to change',
    detail:
      'This budget was set over your account by the organization, so only its operators change it. Put one of your own under another id.',
  });
}

/** An id that somebody else's budget has. */
export function budgetIdTaken(): ProblemError {
  return problemError({
    status: 409,
    code: 'budget_id_taken',
    title: 'Id in use',
    detail: 'This id is in use, so nothing was stored. Choose another one.',
  });
}

/** Attributes that only operators may set or ask by. */
export function budgetFieldWithheld(field: string): ProblemError {
  return problemError({
    status: 403,
    code: 'field_withheld',
    title: 'Field withheld',
    detail: `"${field}" of budgets is for operators only. Leave it out.`,
    errors: [{ pointer: field, detail: 'For operators only.' }],
  });
}

/** A key that asks in the name of another key. */
export function keyNotAllowed(): ProblemError {
  return problemError({
    status: 403,
    code: 'key_not_allowed',
    title: 'Key not allowed',
    detail: 'An ingest key asks about its own calls only. Leave "keyId" out.',
  });
}

/** Another request under the id of a reservation that is held. */
export function reservationConflict(): ProblemError {
  return problemError({
    status: 409,
    code: 'reservation_conflict',
    title: 'Reservation differs',
    detail:
      'Something else is reserved under this id, so nothing more was held. Make a new id for each call, and send the same body when you repeat one.',
  });
}
