/** A label under the horizontal axis. `edge` labels stay when there is no room for the others. */
export interface AxisTick {
  readonly index: number;
  readonly edge: boolean;
}

/**
 * Chooses which buckets get a label: the first, the last, and a few at even steps between them.
 *
 * @param count how many buckets there are.
 * @param most the largest number of labels.
 */
export function axisTicks(count: number, most = 5): readonly AxisTick[] {
  if (count === 0) return [];
  const step = Math.max(1, Math.ceil((count - 1) / (most - 1)));
  const inner: AxisTick[] = [];
  // A label closer to the last one than two thirds of a step would run into it.
  for (let index = step; index < count - 1 - step * 0.6; index += step) inner.push({ index, edge: false });
  const ends = count > 1 ? [{ index: count - 1, edge: true }] : [];
  return [{ index: 0, edge: true }, ...inner, ...ends];
}
