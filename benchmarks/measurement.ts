/** One figure of a benchmark. */
export interface Measurement {
  /** What was measured, in a few words. */
  readonly what: string;
  /** The median. */
  readonly value: number;
  readonly unit: string;
  /** Smallest and largest of the rounds; absent for a count. */
  readonly spread?: readonly [number, number] | undefined;
  /** What the figure should be at most (or at least). */
  readonly target?: { readonly kind: 'at most' | 'at least'; readonly value: number } | undefined;
  readonly note?: string | undefined;
}

/** A benchmark: the question it answers, and the run that answers it. */
export interface Scenario {
  readonly id: string;
  readonly question: string;
  readonly run: () => Promise<readonly Measurement[]>;
}

/** The middle of some figures. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** The value below which `share` of the figures lie, nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Median with the smallest and largest round beside it. */
export function summarize(
  what: string,
  unit: string,
  values: readonly number[],
  rest: Partial<Measurement> = {},
): Measurement {
  return { what, unit, value: median(values), spread: [Math.min(...values), Math.max(...values)], ...rest };
}

/** Whether a figure meets its target; null when it has none. */
export function meetsTarget({ value, target }: Measurement): boolean | null {
  if (!target) return null;
  return target.kind === 'at most' ? value <= target.value : value >= target.value;
}
