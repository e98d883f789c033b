import type { TwinTable } from '../../charts/table/TableTwin.tsx';
import type { UsageMeasure } from '../../controls/MeasureControl.tsx';
import type { Formats } from '../../format/create-formats.ts';
import { sumDecimals } from '../../format/decimal.ts';
import type { Speech } from '../../messages/speech.ts';
import { providerLabel } from '../../messages/provider-label.ts';
import type { UsageFigures, UsagePicture, UsagePictureSeries } from './select-usage.ts';

/** Everything that is needed to say a usage picture in words. */
export interface UsageWording {
  readonly picture: UsagePicture;
  readonly measure: UsageMeasure;
  readonly formats: Formats;
  readonly speech: Speech;
}

/** One figure as a number for drawing; null when it is not known. */
export function drawnValue(figures: UsageFigures, measure: UsageMeasure): number | null {
  if (measure === 'cost') return figures.cost === null ? null : Number(figures.cost.amount);
  return figures[measure];
}

/** One figure in words. */
export function figureText(figures: UsageFigures, { measure, formats, speech }: UsageWording): string {
  if (measure === 'cost') {
    return figures.cost === null ? speech.say('value.pending') : formats.money(figures.cost);
  }
  const count = figures[measure];
  return count === null ? speech.say('value.none') : formats.count(count);
}

/** All series of one bucket together, exactly; a figure is null only when no series has it. */
export function bucketTotal(picture: UsagePicture, index: number): UsageFigures {
  const all = picture.series.flatMap((series) => series.figures[index] ?? []);
  const costs = all.flatMap((figures) => figures.cost?.amount ?? []);
  const tokens = all.flatMap((figures) => figures.tokens ?? []);
  return {
    cost:
      costs.length === 0 || picture.currency === null
        ? null
        : { amount: sumDecimals(costs), currency: picture.currency },
    tokens: tokens.length === 0 ? null : tokens.reduce((sum, count) => sum + count, 0),
    calls: all.reduce((sum, figures) => sum + figures.calls, 0),
  };
}

/** The name of a series: its own, "no model" for calls that name none, "9 others" for the rest. */
export function seriesName(series: UsagePictureSeries, { picture, speech }: UsageWording): string {
  if (series.others > 0) return speech.say('usage.others', {}, series.others);
  if (picture.groupBy === 'none') return speech.say('usage.all');
  if (series.label === null) {
    return speech.say('usage.unnamed', { group: speech.say(`group.${picture.groupBy}`) });
  }
  return picture.groupBy === 'provider' ? providerLabel(series.label, speech) : series.label;
}

interface TitleWording {
  readonly picture: Pick<UsagePicture, 'groupBy'>;
  readonly measure: UsageMeasure;
  readonly speech: Speech;
}

/** What the card shows: "Usage cost by model". */
export function usageTitle({ picture, measure, speech: { say } }: TitleWording): string {
  const measured = say(`measure.${measure}`);
  return picture.groupBy === 'none'
    ? say('usage.title-whole', { measure: measured })
    : say('usage.title', { measure: measured, group: say(`group.${picture.groupBy}`) });
}

/** The picture as a table: a row for each bucket, a column for each series, and the total. */
export function usageTable(wording: UsageWording): TwinTable {
  const { picture, formats, speech } = wording;
  const several = picture.series.length > 1;
  return {
    caption: usageTitle(wording),
    columns: [
      speech.say(`column.${picture.grain}`),
      ...picture.series.map((series) => seriesName(series, wording)),
      ...(several ? [speech.say('bucket.total')] : []),
    ],
    rows: picture.buckets.map((bucket, index) => ({
      name: formats.bucketName(bucket.start, picture.grain),
      note: bucket.open ? speech.say('bucket.open') : undefined,
      cells: [
        ...picture.series.map((series) => {
          const figures = series.figures[index];
          return figures ? figureText(figures, wording) : speech.say('value.none');
        }),
        ...(several ? [figureText(bucketTotal(picture, index), wording)] : []),
      ],
    })),
  };
}
