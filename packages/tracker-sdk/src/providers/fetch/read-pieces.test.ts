import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mostCharacters, type PieceReader, readArray, readLines, readValue } from './read-pieces.ts';

/** What a reader finds in a text that comes in these pieces. */
function found(open: (onItem: (item: object) => void) => PieceReader, pieces: readonly string[]): object[] {
  const items: object[] = [];
  const reader = open((item) => items.push(item));
  for (const piece of pieces) reader.take(piece);
  reader.finish();
  return items;
}

/** Breaks a text wherever fast-check likes. */
const broken = (text: string) =>
  fc
    .array(fc.integer({ min: 0, max: text.length }), { maxLength: 6 })
    .map((cuts) => [0, ...cuts.sort((a, b) => a - b), text.length])
    .map((cuts) => cuts.slice(1).map((cut, index) => text.slice(cuts[index], cut)));

const value = { text: 'a "}{" \\ b\n[]', inner: [{ deep: { er: '{' } }], number: 1 };

test.each([
  [
    'server-sent events',
    readLines,
    `event: x\r\ndata: ${JSON.stringify(value)}\r\n\r\n: note\ndata:{"b":2}\n\ndata: [DONE]\n\n`,
  ],
  ['JSON lines without an end', readLines, `${JSON.stringify(value)}\n{"b":2}`],
  ['an array', readArray, `[${JSON.stringify(value, null, 2)}\n,\r\n{"b":2}\n]`],
])('items of %s are found wherever they are broken', (_, open, text) => {
  fc.assert(
    fc.property(broken(text), (pieces) => {
      expect(found(open, pieces)).toEqual([value, { b: 2 }]);
    }),
  );
});

test('one value is found when it is whole', () => {
  fc.assert(
    fc.property(broken(JSON.stringify(value)), (pieces) => {
      expect(found(readValue, pieces)).toEqual([value]);
    }),
  );
});

test.each([
  ['nothing', ''],
  ['half a value', '{"a":'],
  ['a bare text', '"a"'],
  ['null', 'null'],
  ['braces without a beginning', '}}]'],
])('%s holds no item', (_, text) => {
  for (const open of [readLines, readArray, readValue]) expect(found(open, [text])).toEqual([]);
});

describe('what is too long', () => {
  const long = 'x'.repeat(mostCharacters / 2);

  test('is passed over where it is a line, and what follows is found', () => {
    const pieces = ['data: {"a":"', long, long, long, '"}\n', 'data: {"b":2}\n'];
    expect(found(readLines, pieces)).toEqual([{ b: 2 }]);
  });

  test('still tells the usage at its end where it is one value', () => {
    const usage = { prompt_tokens: 3, prompt_tokens_details: { cached_tokens: 1 } };
    const pieces = [
      '{"data":"',
      ...Array.from({ length: 9 }, () => long),
      `","usage":${JSON.stringify(usage)}}`,
    ];
    expect(found(readValue, pieces)).toEqual([{ usage }]);
  });

  test('tells nothing where no usage is at its end', () => {
    const pieces = ['{"usage":{"prompt_tokens":3},"data":"', ...Array.from({ length: 9 }, () => long), '"}'];
    expect(found(readValue, pieces)).toEqual([]);
  });
});
