import { useMemo } from 'react';
import { summarize } from '../../card/summarize.ts';
import { StackedAreas } from '../../charts/area/StackedAreas.tsx';
import { axisTicks } from '../../charts/axis/axis-ticks.ts';
import { GridLines } from '../../charts/axis/GridLines.tsx';
import { OpenBoundary } from '../../charts/axis/OpenBoundary.tsx';
import { XAxis } from '../../charts/axis/XAxis.tsx';
import { YAxis } from '../../charts/axis/YAxis.tsx';
import { StackedBars } from '../../charts/bar/StackedBars.tsx';
import { openFrom } from '../../charts/frame/open-from.ts';
import { Plot } from '../../charts/frame/Plot.tsx';
import { DirectLabels } from '../../charts/legend/DirectLabels.tsx';
import { Legend } from '../../charts/legend/Legend.tsx';
import { stackSeries, stackTops } from '../../charts/scale/stack-series.ts';
import { bandPositions, pointPositions } from '../../charts/scale/x-positions.ts';
import { yScale } from '../../charts/scale/y-scale.ts';
import type { BucketReading } from '../../charts/tooltip/bucket-reading.ts';
import { useSurroundings } from '../../provider/surroundings.ts';
import { usageSlots } from './series-slots.ts';
import {
  bucketTotal,
  drawnValue,
  figureText,
  seriesName,
  usageTitle,
  type UsageWording,
} from './usage-texts.ts';

/** `area` suits many buckets, `bars` few; an area of fewer than three closed buckets is drawn as bars anyway. */
export type UsageShape = 'area' | 'bars';

interface UsagePlotProps {
  readonly wording: UsageWording;
  readonly shape: UsageShape;
}

const height = 220;

/** The stacked picture with its axes and names. */
export function UsagePlot({ wording, shape }: UsagePlotProps) {
  const { picture, measure, formats, speech } = wording;
  const { direction, slots: memory } = useSurroundings();
  const { buckets, series, grain, currency } = picture;
  const open = openFrom(buckets);
  const bars = shape === 'bars' || open < 3;
  const positions = useMemo(
    () => (bars ? bandPositions : pointPositions)(buckets.length, direction),
    [bars, buckets.length, direction],
  );
  const values = useMemo(
    () => series.map((one) => one.figures.map((figures) => drawnValue(figures, measure))),
    [series, measure],
  );
  const stacks = useMemo(() => stackSeries(values), [values]);
  const tops = useMemo(() => stackTops(stacks), [stacks]);
  const scale = useMemo(
    () =>
      yScale(
        tops.map((top) => top ?? 0),
        height,
        true,
      ),
    [tops],
  );
  const slots = useMemo(() => usageSlots(picture, memory), [picture, memory]);
  const layers = useMemo(
    () =>
      series.map((one, index) => ({
        id: one.id,
        slot: slots[index] ?? 'others',
        layer: stacks[index] ?? [],
      })),
    [series, slots, stacks],
  );
  const names = series.map((one) => seriesName(one, wording));
  const items = layers.map(({ id, slot }, index) => ({ id, slot, label: names[index] ?? '' }));
  const name = (index: number): string => formats.bucketName(buckets[index]?.start ?? '', grain);
  const totalText = (index: number): string => figureText(bucketTotal(picture, index), wording);
  const reading = (index: number): BucketReading => ({
    title: name(index),
    total: series.length > 1 ? { label: speech.say('bucket.total'), value: totalText(index) } : undefined,
    // As drawn: the top of the stack first.
    rows: series
      .map((one, place) => ({
        label: names[place] ?? '',
        slot: layers[place]?.slot,
        value: one.figures[index] ? figureText(one.figures[index], wording) : speech.say('value.none'),
      }))
      .reverse(),
    notes: buckets[index]?.open ? [speech.say('bucket.open')] : [],
  });
  const tickLabels =
    measure === 'cost' && currency !== null
      ? formats.moneyTicks(scale.ticks, currency)
      : formats.countTicks(scale.ticks);
  const Marks = bars ? StackedBars : StackedAreas;
  const named = series.length > 1 || picture.groupBy !== 'none';
  const ends = items.map((item, index) => {
    const [from, to] = stacks[index]?.at(-1) ?? [0, 0];
    return { ...item, y: scale.y((from + to) / 2) };
  });
  return (
    <div className={named ? 'tk-chart tk-chart-named' : 'tk-chart'}>
      {named && <Legend items={items} />}
      <div className="tk-chart-grid">
        <YAxis scale={scale} labels={tickLabels} height={height} direction={direction} />
        <Plot
          label={speech.say('card.read', { title: usageTitle(wording) })}
          description={summarize({ values: tops, openFrom: open, name, value: totalText }, speech)}
          positions={positions}
          height={height}
          reading={reading}
          dots={
            bars
              ? undefined
              : (index) => stacks.flatMap((layer) => (layer[index] ? [scale.y(layer[index][1])] : []))
          }
        >
          <GridLines scale={scale} />
          <Marks layers={layers} positions={positions} y={scale.y} height={height} openFrom={open} />
          <OpenBoundary
            positions={positions}
            openFrom={open}
            label={speech.say(`open.${grain}`)}
            height={height}
          />
        </Plot>
        {named && <DirectLabels items={[...ends].reverse()} height={height} direction={direction} />}
        <XAxis
          positions={positions}
          ticks={axisTicks(buckets.length)}
          label={(index) => {
            const bucket = buckets[index];
            if (!bucket) return '';
            return bucket.open && index === buckets.length - 1
              ? speech.say(`now.${grain}`)
              : formats.bucket(bucket.start, grain);
          }}
        />
      </div>
    </div>
  );
}
