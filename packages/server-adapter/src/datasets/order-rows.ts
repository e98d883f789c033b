import { compareDecimals } from '../primitives/money.ts';
import type { Cell } from '../storage/contract/scoped-reader.ts';
import { dimensionOf, measureOf } from './dataset-definition.ts';
import type { QuestionFields, UsageRow } from './question.ts';

/**
 * Rows in the order that was asked for; ties, and rows nobody gave an order, by the dimensions as they were named.
 * What is absent comes last in either direction. Text is compared by code point, so that the order is the same on every
 * engine and machine.
 */
export function orderRows(rows: readonly UsageRow[], question: QuestionFields<unknown>): readonly UsageRow[] {
  const order = [
    ...(question.orderBy ?? []),
    ...question.dimensions.map((field) => ({ field, direction: 'asc' as const })),
  ].map(({ field, direction }) => ({
    field,
    sign: direction === 'asc' ? 1 : -1,
    decimal: isDecimal(question, field),
  }));
  return [...rows].sort((a, b) => {
    for (const { field, sign, decimal } of order) {
      const first = a[field] ?? null;
      const second = b[field] ?? null;
      if (first === null || second === null) {
        if (first !== second) return first === null ? 1 : -1;
      } else {
        const compared = decimal
          ? compareDecimals(String(first), String(second))
          : compareCells(first, second);
        if (compared !== 0) return compared * sign;
      }
    }
    return 0;
  });
}

function isDecimal({ dataset }: QuestionFields<unknown>, field: string): boolean {
  const type = (measureOf(dataset, field) ?? dimensionOf(dataset, field))?.type;
  return type === 'currency' || type === 'decimal';
}

function compareCells(a: Exclude<Cell, null>, b: Exclude<Cell, null>): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const first = String(a);
  const second = String(b);
  if (first === second) return 0;
  return first < second ? -1 : 1;
}
