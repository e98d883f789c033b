import { memo } from 'react';
import { slotClass, type SeriesSlot } from '../legend/series-slot.ts';
import type { Layer } from '../scale/stack-series.ts';
import type { XPositions } from '../scale/x-positions.ts';
import { areaPaths, drawnWidth } from './area-paths.ts';

interface StackedAreasProps {
  readonly layers: readonly { readonly id: string; readonly slot: SeriesSlot; readonly layer: Layer }[];
  readonly positions: XPositions;
  readonly y: (value: number) => number;
  readonly height: number;
  readonly openFrom: number;
}

/** Buckets that stand alone between gaps: an area of one point has no width. */
function isolated(layer: Layer): readonly number[] {
  return layer.flatMap((pair, index) =>
    pair !== null && !layer[index - 1] && !layer[index + 1] ? [index] : [],
  );
}

/** Layers as areas with a fine edge between them. What lies in an open bucket is faded. */
export const StackedAreas = /* @__PURE__ */ memo(function StackedAreas({
  layers,
  positions,
  y,
  height,
  openFrom,
}: StackedAreasProps) {
  return (
    <svg width="100%" height={height} viewBox={`0 0 ${drawnWidth} ${height}`} preserveAspectRatio="none">
      {layers.map(({ id, slot, layer }) => {
        const paths = areaPaths(layer, positions, y, openFrom);
        return (
          <g key={id} className={slotClass(slot)} data-tk-series={id}>
            <path className="tk-area" d={paths.closed} />
            {paths.open !== '' && <path className="tk-area tk-open" d={paths.open} />}
            <path className="tk-area-edge" d={paths.edge} />
            {isolated(layer).map((index) => {
              const x = positions.center(index) * drawnWidth;
              const [from, to] = layer[index] ?? [0, 0];
              return <line key={index} className="tk-area-alone" x1={x} x2={x} y1={y(from)} y2={y(to)} />;
            })}
          </g>
        );
      })}
    </svg>
  );
});
