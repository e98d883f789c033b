import type { DatasetFilter } from '@tallykit/protocol';
import { customerNotAllowed } from '../access/access-problems.ts';
import { filteredDimension, type AnyDataset } from './dataset-definition.ts';
import type { Asker } from './run-query.ts';

/**
 * Refuses filters that name a customer out of scope. Such a filter could not widen the scope; but whoever asks for another
 * account is told so, instead of being shown nothing, in the same words whether the account exists or not.
 */
export function refuseForeignCustomers(
  filters: readonly DatasetFilter[],
  dataset: AnyDataset,
  { mayName }: Pick<Asker, 'mayName'>,
): void {
  for (const { field, values = [] } of filters) {
    if (filteredDimension(dataset, field)?.reads !== 'customer') continue;
    if (values.some((value) => !mayName(String(value)))) throw customerNotAllowed();
  }
}
