import type { Grain } from '@tallykit/protocol';
import type { Formats } from '../../format/create-formats.ts';
import type { Speech } from '../../messages/speech.ts';
import type { TwinTable } from '../../charts/table/TableTwin.tsx';
import type { TokenSpendPicture } from './select-token-spend.ts';

/** One bucket in words, alike in the tooltip and in the table. */
interface SpendTexts {
  readonly name: string;
  readonly spend: string;
  readonly tokens: string;
  readonly calls: string;
  readonly note: string | undefined;
}

/** The answer comes by day, or by hour for short ranges; it does not say which. */
export function grainOf(picture: TokenSpendPicture): Grain {
  const first = picture.buckets[0];
  const length = first ? Date.parse(first.end) - Date.parse(first.start) : 0;
  return length > 0 && length <= 3_600_000 ? 'hour' : 'day';
}

/** The words of each bucket. */
export function spendTexts(
  picture: TokenSpendPicture,
  formats: Formats,
  { say }: Speech,
): (index: number) => SpendTexts {
  const grain = grainOf(picture);
  return (index) => {
    const bucket = picture.buckets[index];
    if (!bucket) return { name: '', spend: '', tokens: '', calls: '', note: undefined };
    return {
      name: formats.bucketName(bucket.start, grain),
      spend: bucket.spend ? formats.money(bucket.spend) : say('value.pending'),
      tokens: bucket.tokens === null ? say('value.none') : formats.count(bucket.tokens),
      calls: formats.count(bucket.calls),
      note: bucket.open ? say('bucket.open') : undefined,
    };
  };
}

/** The columns of the table, the first for the bucket. */
export function spendColumns(picture: TokenSpendPicture, { say }: Speech): readonly string[] {
  return [
    say(grainOf(picture) === 'hour' ? 'column.hour' : 'column.day'),
    say('column.spend'),
    say('column.tokens'),
    say('column.calls'),
  ];
}

/** The picture as a table. */
export function spendTable(picture: TokenSpendPicture, formats: Formats, speech: Speech): TwinTable {
  const texts = spendTexts(picture, formats, speech);
  return {
    caption: speech.say('token-spend.picture'),
    columns: spendColumns(picture, speech),
    rows: picture.buckets.map((_, index) => {
      const { name, spend, tokens, calls, note } = texts(index);
      return { name, note, cells: [spend, tokens, calls] };
    }),
  };
}
