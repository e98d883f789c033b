import { useId } from 'react';
import type { Direction } from '../scale/x-positions.ts';

/** How much of a whole is taken, as parts of it: 0 to 1, together at most 1. */
export interface MeterParts {
  readonly taken: number;
  /** Held for what is under way; drawn apart. */
  readonly held: number;
}

interface MeterProps {
  /** What is measured, for screen readers. */
  readonly label: string;
  /** The measure in words, for screen readers. */
  readonly text: string;
  /** Null: not known. The track is drawn alone, and it is no meter to assistive technology, since it has no value. */
  readonly parts: MeterParts | null;
  readonly tone: 'inside' | 'warned' | 'over';
  /** Places of marks, as parts of the whole. Those that lie beyond it are not drawn. */
  readonly marks: readonly number[];
  readonly direction: Direction;
}

const thickness = 8;
const markHeight = 5;
// What is there can be seen, however little it is.
const leastDrawn = 0.006;

const seen = (part: number): number => (part > 0 ? Math.max(part, leastDrawn) : 0);
const percentOf = (part: number): string => `${Number((part * 100).toFixed(3))}%`;

/** A bar that fills up: what is taken, what is held, and marks on the way. Beyond the whole it is simply full. */
export function Meter({ label, text, parts, tone, marks, direction }: MeterProps) {
  const hatch = useId();
  const taken = Math.min(1, seen(parts?.taken ?? 0));
  const held = Math.min(1 - taken, seen(parts?.held ?? 0));
  const left = (from: number, width: number): string =>
    percentOf(direction === 'rtl' ? 1 - from - width : from);
  const inside = marks.filter((mark) => mark > 0 && mark < 1);
  const drawing = (
    <>
      <svg className="tk-meter-bar" width="100%" height={thickness} aria-hidden="true" focusable="false">
        <defs>
          <pattern
            id={hatch}
            width={6}
            height={6}
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <line className="tk-hatch" x1={1.5} x2={1.5} y1={0} y2={6} />
          </pattern>
        </defs>
        <rect className="tk-meter-track" width="100%" height={thickness} />
        {taken > 0 && (
          <rect className="tk-meter-taken" x={left(0, taken)} width={percentOf(taken)} height={thickness} />
        )}
        {held > 0 && (
          <>
            <rect
              className="tk-meter-held-ground"
              x={left(taken, held)}
              width={percentOf(held)}
              height={thickness}
            />
            <rect
              className="tk-meter-held"
              fill={`url(#${hatch})`}
              x={left(taken, held)}
              width={percentOf(held)}
              height={thickness}
            />
          </>
        )}
        {inside.map((mark) => (
          <line
            key={mark}
            className="tk-meter-gap"
            x1={left(mark, 0)}
            x2={left(mark, 0)}
            y1={0}
            y2={thickness}
          />
        ))}
      </svg>
      <svg className="tk-meter-marks" width="100%" height={markHeight} aria-hidden="true" focusable="false">
        {inside.map((mark) => (
          <line
            key={mark}
            className="tk-meter-mark"
            x1={left(mark, 0)}
            x2={left(mark, 0)}
            y1={0}
            y2={markHeight}
          />
        ))}
      </svg>
    </>
  );
  if (parts === null) return <div className={`tk-meter tk-meter-${tone}`}>{drawing}</div>;
  return (
    <div
      className={`tk-meter tk-meter-${tone}`}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(Math.min(1, parts.taken) * 1000) / 10}
      aria-valuetext={text}
    >
      {drawing}
    </div>
  );
}
