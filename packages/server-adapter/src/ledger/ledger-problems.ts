import { problemError, type ProblemError } from '../http/problem-error.ts';

/** One wrong row of a batch. */
export interface LedgerFault {
  /** JSON pointer into the body. */
  readonly pointer: string;
  readonly detail: string;
}

/** Rows that have the right shape and cannot be true. Nothing of the batch is stored. */
export function invalidLedgerRows(faults: readonly LedgerFault[]): ProblemError {
  return problemError({
    status: 400,
    code: 'invalid_rows',
    title: 'Invalid rows',
    detail:
      'Some rows cannot be true, so nothing of the batch was stored. Correct the rows that "errors" names and send the batch again.',
    errors: faults.slice(0, 20),
  });
}

/** There is no such customer to erase. */
export function customerNotFound(): ProblemError {
  return problemError({
    status: 404,
    code: 'customer_not_found',
    title: 'Customer not found',
    detail: 'No event and no ledger row names this customer, so there is nothing to erase.',
  });
}

/** Rows that name an id a second time: which of them is meant cannot be known. */
export function faultsOfRepeatedIds(
  pointer: string,
  rows: readonly { readonly id: string }[],
): readonly LedgerFault[] {
  const first = new Map<string, number>();
  return rows.flatMap(({ id }, index) => {
    const known = first.get(id);
    if (known === undefined) {
      first.set(id, index);
      return [];
    }
    return [{ pointer: `${pointer}/${index}/id`, detail: `Row ${known} has the same id.` }];
  });
}
