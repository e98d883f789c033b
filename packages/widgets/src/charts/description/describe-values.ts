import type { Values } from '../scale/stack-series.ts';

/** What there is to say about a row of values without showing it. */
export interface ValueSummary {
  readonly highest: number;
  readonly lowest: number;
  readonly gaps: number;
}

/**
 * Finds the highest and the lowest closed bucket and counts the gaps. Null when no closed bucket has a value.
 *
 * @param openFrom index of the first bucket that is still open and therefore not compared.
 * @returns indices, not values.
 */
export function describeValues(values: Values, openFrom: number): ValueSummary | null {
  let highest = -1;
  let lowest = -1;
  let gaps = 0;
  const at = (index: number): number => values[index] ?? 0;
  for (let index = 0; index < Math.min(openFrom, values.length); index += 1) {
    if (values[index] == null) {
      gaps += 1;
      continue;
    }
    if (highest < 0 || at(index) > at(highest)) highest = index;
    if (lowest < 0 || at(index) < at(lowest)) lowest = index;
  }
  return highest < 0 ? null : { highest, lowest, gaps };
}
