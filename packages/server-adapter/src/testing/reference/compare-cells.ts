import { compareDecimals } from '../../primitives/money.ts';
import type { Cell } from '../../storage/contract/scoped-reader.ts';

/** Order of texts by code point, as PostgreSQL's collation "C" has it. */
export function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Order of two cells of one column: nulls last in either direction. */
export function compareCells(
  a: Cell,
  b: Cell,
  options: { readonly decimal: boolean; readonly descending: boolean },
): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const sign = options.descending ? -1 : 1;
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
  if (options.decimal) return sign * compareDecimals(String(a), String(b));
  return sign * compareText(String(a), String(b));
}
