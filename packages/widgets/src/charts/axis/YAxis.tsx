import type { Direction } from '../scale/x-positions.ts';
import type { YScale } from '../scale/y-scale.ts';

interface YAxisProps {
  readonly scale: YScale;
  readonly labels: readonly string[];
  readonly height: number;
  readonly direction: Direction;
}

const characterWidth = 7.4;
const gap = 8;

/** The labels beside a picture, as wide as the longest of them. */
export function YAxis({ scale, labels, height, direction }: YAxisProps) {
  const width = Math.ceil(Math.max(0, ...labels.map((label) => label.length)) * characterWidth) + gap;
  return (
    <svg className="tk-y-axis" width={width} height={height} aria-hidden="true" focusable="false">
      {scale.ticks.map((tick, index) => (
        <text
          key={tick}
          className="tk-tick"
          x={direction === 'rtl' ? gap : width - gap}
          y={scale.y(tick)}
          dy="0.32em"
          textAnchor="end"
        >
          {labels[index]}
        </text>
      ))}
    </svg>
  );
}
