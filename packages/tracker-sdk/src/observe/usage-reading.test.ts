import { expect, test } from 'vitest';
import { keepCounts, type RawCounts, readingOf } from './usage-reading.ts';

test('only known counts are kept, behind the prefix of their part', () => {
  const raw: RawCounts = {};
  keepCounts(raw, { known: 3, canary: 4, known_text: 'canary' }, /^known/, 'part.');
  keepCounts(raw, { known: 1e12 + 1 }, /^known/);
  keepCounts(raw, null, /^known/);
  expect(raw).toEqual({ 'part.known': 3 });
});

test('an event has room for sixteen counts, of which later reports renew what is there', () => {
  const raw: RawCounts = {};
  const many = Object.fromEntries(Array.from({ length: 20 }, (_, place) => [`n${place}`, place]));
  keepCounts(raw, many, /^n/);
  keepCounts(raw, { n19: 1, n3: 33 }, /^n/);
  expect(Object.keys(raw)).toHaveLength(16);
  expect(raw).toMatchObject({ n0: 0, n3: 33, n15: 15 });
});

test('a reading holds the counts that were told, zeros among them, and is none without any', () => {
  expect(readingOf({ input: 0 }, { input: 0, output: undefined })).toEqual({
    usage: { input: 0 },
    rawUsage: { input: 0 },
  });
  expect(readingOf({}, { input: undefined })).toBeUndefined();
});
