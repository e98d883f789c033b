import type { DatasetQuery } from '@tallykit/protocol';
import type { DatasetRange } from './dataset-range.ts';
import type { Asker } from './run-query.ts';

/** Rows of an answer unless a query tells. */
export const defaultLimit = 1000;

/** A checked query, who asks it, and the range that it means. */
export interface AskedQuery {
  readonly query: DatasetQuery;
  readonly asker: Asker;
  readonly timeZone: string;
  readonly range: DatasetRange;
}
