import { useMemo } from 'react';
import { summarize } from '../../card/summarize.ts';
import { openFrom } from '../../charts/frame/open-from.ts';
import { Plot } from '../../charts/frame/Plot.tsx';
import { pointPositions } from '../../charts/scale/x-positions.ts';
import { yScale } from '../../charts/scale/y-scale.ts';
import { Sparkline } from '../../charts/sparkline/Sparkline.tsx';
import type { BucketReading } from '../../charts/tooltip/bucket-reading.ts';
import { useSurroundings } from '../../provider/surroundings.ts';
import { spendColumns, spendTexts } from './spend-texts.ts';
import type { TokenSpendPicture } from './select-token-spend.ts';

const height = 64;

/** Spend by bucket as a line. */
export function SpendLine({ picture }: { readonly picture: TokenSpendPicture }) {
  const { direction, formatsIn, speech } = useSurroundings();
  const { buckets, range } = picture;
  const positions = useMemo(() => pointPositions(buckets.length, direction), [buckets.length, direction]);
  const values = useMemo(
    () => buckets.map((bucket) => (bucket.spend === null ? null : Number(bucket.spend.amount))),
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
  const texts = spendTexts(picture, formatsIn(range.timeZone), speech);
  const open = openFrom(buckets);
  const [, spendColumn = '', tokensColumn = '', callsColumn = ''] = spendColumns(picture, speech);
  const reading = (index: number): BucketReading => {
    const text = texts(index);
    return {
      title: text.name,
      rows: [
        { label: spendColumn, value: text.spend },
        { label: tokensColumn, value: text.tokens },
        { label: callsColumn, value: text.calls },
      ],
      notes: text.note === undefined ? [] : [text.note],
    };
  };
  return (
    <Plot
      label={speech.say('card.read', { title: speech.say('token-spend.picture') })}
      description={summarize(
        { values, openFrom: open, name: (index) => texts(index).name, value: (index) => texts(index).spend },
        speech,
      )}
      positions={positions}
      height={height}
      reading={reading}
      dots={(index) => (values[index] == null ? [] : [scale.y(values[index])])}
    >
      <Sparkline values={values} positions={positions} y={scale.y} height={height} openFrom={open} />
    </Plot>
  );
}
