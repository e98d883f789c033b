import type { XPositions } from '../scale/x-positions.ts';
import type { AxisTick } from './axis-ticks.ts';

interface XAxisProps {
  readonly positions: XPositions;
  readonly ticks: readonly AxisTick[];
  readonly label: (index: number) => string;
}

function anchor(tick: AxisTick, positions: XPositions): 'start' | 'middle' | 'end' {
  if (positions.count === 1 || !tick.edge) return 'middle';
  return tick.index === 0 ? 'start' : 'end';
}

function place(tick: AxisTick, positions: XPositions): number {
  if (positions.count === 1 || !tick.edge) return positions.center(tick.index);
  // Edge labels keep to the edge of the picture, not to the middle of their bar.
  return (tick.index === 0) === (positions.direction === 'ltr') ? 0 : 1;
}

/** The labels under a picture. They are a repetition for the eye: the reading and the table say the same in words. */
export function XAxis({ positions, ticks, label }: XAxisProps) {
  return (
    <svg className="tk-x-axis" width="100%" height={18} aria-hidden="true" focusable="false">
      {ticks.map((tick) => (
        <text
          key={tick.index}
          className={tick.edge ? 'tk-tick' : 'tk-tick tk-tick-inner'}
          x={`${place(tick, positions) * 100}%`}
          y={14}
          textAnchor={anchor(tick, positions)}
        >
          {label(tick.index)}
        </text>
      ))}
    </svg>
  );
}
