/** One value a bucket; null where it is not known. */
export type Values = readonly (number | null)[];

/** Where one series begins and ends in each bucket of a stack; null where the whole bucket is a gap. */
export type Layer = readonly (readonly [from: number, to: number] | null)[];

/**
 * Stacks series on one another in the order given, first at the base. A series without a value adds nothing to its
 * bucket; a bucket in which no series has a value is a gap and stays one.
 *
 * @example
 * stackSeries([[1, null], [2, null]]); // [[[0, 1], null], [[1, 3], null]]
 */
export function stackSeries(series: readonly Values[]): readonly Layer[] {
  const count = series[0]?.length ?? 0;
  const tops = new Array<number>(count).fill(0);
  const known = Array.from({ length: count }, (_, index) => series.some((values) => values[index] != null));
  return series.map((values) =>
    Array.from({ length: count }, (_, index) => {
      if (!known[index]) return null;
      const from = tops[index] ?? 0;
      const to = from + (values[index] ?? 0);
      tops[index] = to;
      return [from, to] as const;
    }),
  );
}

/** The height of each bucket of a stack; null for gaps. */
export function stackTops(layers: readonly Layer[]): Values {
  const last = layers.at(-1) ?? [];
  return last.map((pair) => pair?.[1] ?? null);
}
