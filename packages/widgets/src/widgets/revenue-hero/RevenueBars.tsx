import { useMemo } from 'react';
import { summarize } from '../../card/summarize.ts';
import { GridLines } from '../../charts/axis/GridLines.tsx';
import { XAxis } from '../../charts/axis/XAxis.tsx';
import { Bars } from '../../charts/bar/Bars.tsx';
import { openFrom } from '../../charts/frame/open-from.ts';
import { Plot } from '../../charts/frame/Plot.tsx';
import { bandPositions } from '../../charts/scale/x-positions.ts';
import { yScale } from '../../charts/scale/y-scale.ts';
import type { BucketReading } from '../../charts/tooltip/bucket-reading.ts';
import { useSurroundings } from '../../provider/surroundings.ts';
import { revenueTexts } from './revenue-texts.ts';
import type { RevenuePicture } from './select-revenue.ts';

const height = 96;

/** Invoiced revenue by day as bars. */
export function RevenueBars({ picture }: { readonly picture: RevenuePicture }) {
  const { direction, formatsIn, speech } = useSurroundings();
  const formats = formatsIn(picture.range.timeZone);
  const { buckets } = picture;
  const positions = useMemo(
    () => bandPositions(buckets.length, direction, 0.12),
    [buckets.length, direction],
  );
  const values = useMemo(
    () => buckets.map((bucket) => (bucket.invoiced === null ? null : Number(bucket.invoiced.amount))),
    [buckets],
  );
  const scale = useMemo(
    () =>
      yScale(
        values.map((value) => value ?? 0),
        height,
        false,
      ),
    [values],
  );
  const texts = revenueTexts(picture, formats, speech);
  const open = openFrom(buckets);
  const last = buckets.length - 1;
  const reading = (index: number): BucketReading => {
    const text = texts(index);
    return {
      title: text.name,
      rows: [
        { label: speech.say('column.invoiced'), value: text.invoiced },
        { label: speech.say('column.invoices'), value: text.invoices },
      ],
      notes: text.note === undefined ? [] : [text.note],
    };
  };
  return (
    <div className="tk-chart">
      <Plot
        label={speech.say('card.read', { title: speech.say('revenue.picture') })}
        description={summarize(
          {
            values,
            openFrom: open,
            name: (index) => texts(index).name,
            value: (index) => texts(index).invoiced,
          },
          speech,
        )}
        positions={positions}
        height={height}
        reading={reading}
      >
        <GridLines scale={scale} />
        <Bars values={values} positions={positions} y={scale.y} openFrom={open} />
      </Plot>
      <XAxis
        positions={positions}
        ticks={
          last > 0
            ? [
                { index: 0, edge: true },
                { index: last, edge: true },
              ]
            : [{ index: 0, edge: true }]
        }
        label={(index) => {
          const bucket = buckets[index];
          if (!bucket) return '';
          const openNow = bucket.open && bucket.invoiced !== null && index === last;
          return openNow ? speech.say('revenue.today') : formats.day(bucket.start);
        }}
      />
    </div>
  );
}
