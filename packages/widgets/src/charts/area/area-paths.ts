import { area, line } from '@visx/shape';
import type { Layer } from '../scale/stack-series.ts';
import type { XPositions } from '../scale/x-positions.ts';

/** Width of the coordinate system in which areas are drawn; the svg stretches it to the width there is. */
export const drawnWidth = 1000;

/** One decimal is finer than any screen, and a third of the bytes. */
export function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

type Pair = readonly [number, number] | null;

interface AreaPaths {
  /** The area over buckets that are closed. */
  readonly closed: string;
  /** The area from the last closed bucket to the open one; empty when there is none. */
  readonly open: string;
  /** The line along the top. */
  readonly edge: string;
}

/**
 * The outlines of one layer. A null in the layer leaves a gap in all of them.
 *
 * @param openFrom index of the first bucket that is still open; the number of buckets when all are closed.
 */
export function areaPaths(
  layer: Layer,
  positions: XPositions,
  y: (value: number) => number,
  openFrom: number,
): AreaPaths {
  const x = (_: Pair, index: number): number => tenths(positions.center(index) * drawnWidth);
  const outline = area<Pair>({
    x,
    y0: (pair) => tenths(y(pair?.[0] ?? 0)),
    y1: (pair) => tenths(y(pair?.[1] ?? 0)),
    defined: (pair) => pair !== null,
  });
  const top = line<Pair>({ x, y: (pair) => tenths(y(pair?.[1] ?? 0)), defined: (pair) => pair !== null });
  const only = (keep: (index: number) => boolean): Pair[] =>
    layer.map((pair, index) => (keep(index) ? pair : null));
  return {
    closed: outline(only((index) => index < openFrom)) ?? '',
    open: openFrom < layer.length ? (outline(only((index) => index >= openFrom - 1)) ?? '') : '',
    edge: top([...layer]) ?? '',
  };
}
