/** Which way a page reads. A time axis runs the same way. */
export type Direction = 'ltr' | 'rtl';

/**
 * Where buckets stand on the horizontal axis, as fractions of its width from the left edge. Fractions rather than
 * pixels: the picture is then right at every width, also on a server that knows none.
 */
export interface XPositions {
  readonly count: number;
  readonly direction: Direction;
  /** Middle of a bucket, 0 to 1. */
  readonly center: (index: number) => number;
  /** Left edge of the mark of a bucket, 0 to 1; its width is `markWidth`. */
  readonly left: (index: number) => number;
  readonly markWidth: number;
  /** The bucket nearest to a fraction of the width. */
  readonly indexAt: (fraction: number) => number;
}

function clampIndex(index: number, count: number): number {
  return Math.max(0, Math.min(count - 1, index));
}

/** Positions for areas and lines: the first bucket at one edge, the last at the other. */
export function pointPositions(count: number, direction: Direction): XPositions {
  const step = count > 1 ? 1 / (count - 1) : 0;
  const mirrored = (fraction: number): number => (direction === 'rtl' ? 1 - fraction : fraction);
  const center = (index: number): number => mirrored(count > 1 ? index * step : 0.5);
  return {
    count,
    direction,
    center,
    left: center,
    markWidth: 0,
    indexAt: (fraction) => clampIndex(Math.round(mirrored(fraction) * (count - 1)), count),
  };
}

/** Positions for bars: one band a bucket; `gap` is the part of the band that stays free. */
export function bandPositions(count: number, direction: Direction, gap = 0.2): XPositions {
  const band = count > 0 ? 1 / count : 1;
  const mirrored = (fraction: number): number => (direction === 'rtl' ? 1 - fraction : fraction);
  const center = (index: number): number => mirrored((index + 0.5) * band);
  const markWidth = band * (1 - gap);
  return {
    count,
    direction,
    center,
    left: (index) => center(index) - markWidth / 2,
    markWidth,
    indexAt: (fraction) => clampIndex(Math.floor(mirrored(fraction) * count), count),
  };
}
