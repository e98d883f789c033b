import { headroom } from '../scale/y-scale.ts';
import type { XPositions } from '../scale/x-positions.ts';

interface OpenBoundaryProps {
  readonly positions: XPositions;
  /** Index of the first bucket that is still open. */
  readonly openFrom: number;
  readonly label: string;
  readonly height: number;
}

function boundary(positions: XPositions, openFrom: number): number {
  if (positions.markWidth === 0) return positions.center(Math.max(0, openFrom - 1));
  const before = openFrom > 0 ? positions.center(openFrom - 1) : positions.center(0);
  return (before + positions.center(openFrom)) / 2;
}

/** The dotted line after the last closed bucket, with a word for what lies behind it. */
export function OpenBoundary({ positions, openFrom, label, height }: OpenBoundaryProps) {
  if (openFrom >= positions.count || positions.count < 2) return null;
  const at = boundary(positions, openFrom);
  const edge = positions.direction === 'rtl' ? 0 : 1;
  // The word keeps within the picture: its end stands at the picture's own end.
  return (
    <g className="tk-open-boundary">
      <line className="tk-open-line" x1={`${at * 100}%`} x2={`${at * 100}%`} y1={headroom - 4} y2={height} />
      <text className="tk-tick tk-open-label" x={`${edge * 100}%`} y={11} textAnchor="end">
        {label}
      </text>
    </g>
  );
}
