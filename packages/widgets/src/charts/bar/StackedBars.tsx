import { memo } from 'react';
import { drawnWidth } from '../area/area-paths.ts';
import { slotClass, type SeriesSlot } from '../legend/series-slot.ts';
import type { Layer } from '../scale/stack-series.ts';
import type { XPositions } from '../scale/x-positions.ts';

interface StackedBarsProps {
  readonly layers: readonly { readonly id: string; readonly slot: SeriesSlot; readonly layer: Layer }[];
  readonly positions: XPositions;
  readonly y: (value: number) => number;
  readonly height: number;
  readonly openFrom: number;
}

/** One path for all bars of a series: a page of year-long charts has too many bars for an element each. */
function barsPath(
  layer: Layer,
  positions: XPositions,
  y: (value: number) => number,
  from: number,
  to: number,
): string {
  const width = (positions.markWidth * drawnWidth).toFixed(1);
  let path = '';
  for (let index = from; index < to; index += 1) {
    const pair = layer[index];
    if (!pair || pair[0] === pair[1]) continue;
    const bottom = y(pair[0]).toFixed(1);
    const left = (positions.left(index) * drawnWidth).toFixed(1);
    path += `M${left},${bottom}V${y(pair[1]).toFixed(1)}h${width}V${bottom}Z`;
  }
  return path;
}

/** Layers as bars, one stack a bucket. What lies in an open bucket is faded. */
export const StackedBars = memo(function StackedBars({
  layers,
  positions,
  y,
  height,
  openFrom,
}: StackedBarsProps) {
  return (
    <svg width="100%" height={height} viewBox={`0 0 ${drawnWidth} ${height}`} preserveAspectRatio="none">
      {layers.map(({ id, slot, layer }) => (
        <g key={id} className={slotClass(slot)} data-tk-series={id}>
          <path className="tk-bar-stack" d={barsPath(layer, positions, y, 0, openFrom)} />
          {openFrom < layer.length && (
            <path
              className="tk-bar-stack tk-open"
              d={barsPath(layer, positions, y, openFrom, layer.length)}
            />
          )}
        </g>
      ))}
    </svg>
  );
});
