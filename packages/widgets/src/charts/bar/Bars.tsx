import { memo, useId } from 'react';
import type { Values } from '../scale/stack-series.ts';
import type { XPositions } from '../scale/x-positions.ts';

interface BarsProps {
  readonly values: Values;
  readonly positions: XPositions;
  readonly y: (value: number) => number;
  /** Index of the first bucket that is still open. */
  readonly openFrom: number;
}

/** Bars of one series. An open bucket is hatched within a dotted outline; a gap has no bar, a zero has a hairline. */
export const Bars = /* @__PURE__ */ memo(function Bars({ values, positions, y, openFrom }: BarsProps) {
  const hatch = useId();
  const base = y(0);
  return (
    <g className="tk-series-1">
      <defs>
        <pattern id={hatch} width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line className="tk-hatch" x1={1.5} x2={1.5} y1={0} y2={6} />
        </pattern>
      </defs>
      {values.map((value, index) => {
        if (value === null) return null;
        const top = Math.min(y(value), base);
        const open = index >= openFrom;
        return (
          <rect
            key={index}
            className={open ? 'tk-bar tk-bar-open' : 'tk-bar'}
            fill={open ? `url(#${hatch})` : undefined}
            x={`${positions.left(index) * 100}%`}
            width={`${positions.markWidth * 100}%`}
            y={top}
            height={Math.max(1, Math.abs(y(value) - base))}
            rx={2}
          />
        );
      })}
    </g>
  );
});
