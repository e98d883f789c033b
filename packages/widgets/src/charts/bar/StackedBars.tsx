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

/** The buckets to draw: `from` inclusive, `to` exclusive. */
interface Drawn {
  readonly from: number;
  readonly to: number;
}

/** One path for all bars of a series: a page of year-long charts has too many bars for an element each. */
function barsPath(
  { positions, y }: Pick<StackedBarsProps, 'positions' | 'y'>,
  layer: Layer,
  drawn: Drawn,
): string {
  const width = (positions.markWidth * drawnWidth).toFixed(1);
  let path = '';
  for (let index = drawn.from; index < drawn.to; index += 1) {
    const pair = layer[index];
    if (!pair || pair[0] === pair[1]) continue;
    const bottom = y(pair[0]).toFixed(1);
    const left = (positions.left(index) * drawnWidth).toFixed(1);
    path += `M${left},${bottom}V${y(pair[1]).toFixed(1)}h${width}V${bottom}Z`;
  }
  return path;
}

/** Layers as bars, one stack a bucket. What lies in an open bucket is faded. */
export const StackedBars = /* @__PURE__ */ memo(function StackedBars(props: StackedBarsProps) {
  const { layers, height, openFrom } = props;
  return (
    <svg width="100%" height={height} viewBox={`0 0 ${drawnWidth} ${height}`} preserveAspectRatio="none">
      {layers.map(({ id, slot, layer }) => (
        <g key={id} className={slotClass(slot)} data-tk-series={id}>
          <path className="tk-bar-stack" d={barsPath(props, layer, { from: 0, to: openFrom })} />
          {openFrom < layer.length && (
            <path
              className="tk-bar-stack tk-open"
              d={barsPath(props, layer, { from: openFrom, to: layer.length })}
            />
          )}
        </g>
      ))}
    </svg>
  );
});
