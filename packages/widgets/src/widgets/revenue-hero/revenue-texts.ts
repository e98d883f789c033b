import type { TwinTable } from '../../charts/table/TableTwin.tsx';
import type { Formats } from '../../format/create-formats.ts';
import { spanOf } from '../../format/span-of.ts';
import type { Speech } from '../../messages/speech.ts';
import { isMonth } from './is-month.ts';
import type { RevenuePicture } from './select-revenue.ts';

/** One day in words, alike in the tooltip and in the table. */
interface RevenueTexts {
  readonly name: string;
  readonly invoiced: string;
  readonly invoices: string;
  readonly note: string | undefined;
}

/** "Revenue, November", or with its first and last day when the range is no month. */
export function revenueTitle(
  picture: Pick<RevenuePicture, 'range'>,
  formats: Formats,
  { say }: Speech,
): string {
  const { range } = picture;
  if (isMonth(range)) return say('revenue.title-month', { month: formats.month(range.from) });
  const last = new Date(Date.parse(range.to) - 1).toISOString();
  return say('revenue.title', { days: formats.days(range.from, last) });
}

/** How many days are compared, and whether they are those of a named month. */
export function comparedDays(picture: RevenuePicture): { readonly count: number; readonly monthly: boolean } {
  const { unit, count } = spanOf(picture.beforeRange ?? picture.range);
  return { count: unit === 'days' ? count : Math.ceil(count / 24), monthly: isMonth(picture.range) };
}

/** The words of each day. */
export function revenueTexts(
  picture: RevenuePicture,
  formats: Formats,
  { say }: Speech,
): (index: number) => RevenueTexts {
  return (index) => {
    const bucket = picture.buckets[index];
    if (!bucket) return { name: '', invoiced: '', invoices: '', note: undefined };
    return {
      name: formats.bucketName(bucket.start, 'day'),
      invoiced: bucket.invoiced ? formats.money(bucket.invoiced) : say('value.none'),
      invoices: bucket.invoiced ? formats.count(bucket.invoices) : say('value.none'),
      note: bucket.open && bucket.invoiced ? say('bucket.open') : undefined,
    };
  };
}

/** The picture as a table. */
export function revenueTable(picture: RevenuePicture, formats: Formats, speech: Speech): TwinTable {
  const texts = revenueTexts(picture, formats, speech);
  return {
    caption: speech.say('revenue.picture'),
    columns: [speech.say('column.day'), speech.say('column.invoiced'), speech.say('column.invoices')],
    rows: picture.buckets.map((_, index) => {
      const { name, invoiced, invoices, note } = texts(index);
      return { name, note, cells: [invoiced, invoices] };
    }),
  };
}
