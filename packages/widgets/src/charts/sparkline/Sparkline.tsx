import { line } from '@visx/shape';
import { memo } from 'react';
import { drawnWidth, tenths } from '../area/area-paths.ts';
import type { Values } from '../scale/stack-series.ts';
import type { XPositions } from '../scale/x-positions.ts';

interface SparklineProps {
  readonly values: Values;
  readonly positions: XPositions;
  readonly y: (value: number) => number;
  readonly height: number;
  readonly openFrom: number;
}

/** A line without axes. The part that leads into an open bucket is dotted; gaps stay gaps. */
export const Sparkline = /* @__PURE__ */ memo(function Sparkline({
  values,
  positions,
  y,
  height,
  openFrom,
}: SparklineProps) {
  const path = line<number | null>({
    x: (_, index) => tenths(positions.center(index) * drawnWidth),
    y: (value) => tenths(y(value ?? 0)),
    defined: (value) => value !== null,
  });
  const only = (keep: (index: number) => boolean): (number | null)[] =>
    values.map((value, index) => (keep(index) ? value : null));
  return (
    <svg
      className="tk-series-1"
      width="100%"
      height={height}
      viewBox={`0 0 ${drawnWidth} ${height}`}
      preserveAspectRatio="none"
    >
      <path className="tk-line" d={path(only((index) => index < openFrom)) ?? ''} />
      {openFrom < values.length && (
        <path className="tk-line tk-line-open" d={path(only((index) => index >= openFrom - 1)) ?? ''} />
      )}
    </svg>
  );
});
