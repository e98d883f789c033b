import type { Direction } from '../scale/x-positions.ts';
import type { LegendItem } from './Legend.tsx';
import { slotClass } from './series-slot.ts';
import { spreadLabels } from './spread-labels.ts';

interface DirectLabelsProps {
  /** Series from top to bottom, with the height in pixels at which each ends. */
  readonly items: readonly (LegendItem & { readonly y: number })[];
  readonly height: number;
  readonly direction: Direction;
}

const lineHeight = 16;
const longest = 18;
const width = 152;

function shortened(label: string): string {
  const characters = Array.from(label);
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : label;
}

/**
 * Names series at the end of the picture, where the eye already is. Shown instead of the legend where the card is wide
 * enough.
 */
export function DirectLabels({ items, height, direction }: DirectLabelsProps) {
  const places = spreadLabels(
    items.map((item) => item.y),
    lineHeight,
    [lineHeight / 2, height - lineHeight / 2],
  );
  return (
    <svg className="tk-direct-labels" width={width} height={height} aria-hidden="true" focusable="false">
      {items.map((item, index) => (
        <g key={item.id}>
          <rect
            className={`tk-mark ${slotClass(item.slot)}`}
            x={direction === 'rtl' ? width - 17 : 8}
            y={(places[index] ?? 0) - 4.5}
            width={9}
            height={9}
            rx={2}
          />
          <text
            className="tk-direct-label"
            x={direction === 'rtl' ? width - 23 : 23}
            y={places[index] ?? 0}
            dy="0.33em"
            textAnchor="start"
          >
            {shortened(item.label)}
          </text>
        </g>
      ))}
    </svg>
  );
}
