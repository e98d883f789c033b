/**
 * How much a figure changed against an earlier one, as a ratio (0.142 is 14.2 % more). Null when there is nothing to
 * compare with: no earlier figure, or an earlier figure of zero or below.
 *
 * @example
 * changeRatio('114.2', '100'); // 0.142
 */
export function changeRatio(now: string, before: string | null | undefined): number | null {
  if (before === null || before === undefined) return null;
  const base = Number(before);
  if (!(base > 0)) return null;
  const ratio = Number(now) / base - 1;
  // Differences of doubles leave dust behind; what is shown has one decimal of a percent.
  return Math.round(ratio * 1e9) / 1e9;
}
