import { expect, test } from 'vitest';
import { readUsage } from './read-usage.ts';

test('billed tokens fill the buckets, and both counts are kept', () => {
  const reading = readUsage({
    billedUnits: { inputTokens: 20, outputTokens: 7 },
    tokens: { inputTokens: 86, outputTokens: 9 },
  });
  expect(reading).toEqual({
    usage: { input: 20, output: 7 },
    rawUsage: {
      'billed.inputTokens': 20,
      'billed.outputTokens': 7,
      'tokens.inputTokens': 86,
      'tokens.outputTokens': 9,
    },
  });
});

test('what hit the cache is told apart, never more than was billed', () => {
  expect(readUsage({ billedUnits: { inputTokens: 20 }, cachedTokens: 4 })?.usage).toEqual({
    input: 16,
    cacheRead: 4,
  });
  expect(readUsage({ billedUnits: { inputTokens: 20 }, cachedTokens: 64 })?.usage).toEqual({
    input: 0,
    cacheRead: 20,
  });
});

test('without a billed count the tokens read stand in', () => {
  expect(readUsage({ tokens: { inputTokens: 8, outputTokens: 0 } })?.usage).toEqual({ input: 8, output: 0 });
});

test('searches and classifications stay raw, because no bucket is theirs', () => {
  expect(readUsage({ billedUnits: { searchUnits: 2 } })).toEqual({ rawUsage: { 'billed.searchUnits': 2 } });
  expect(readUsage({ billedUnits: { classifications: 3 } })?.usage).toBeUndefined();
});

test('pictures that are embedded are input of their own', () => {
  expect(readUsage({ billedUnits: { inputTokens: 3, imageTokens: 900, images: 1 } })?.usage).toEqual({
    input: 3,
    inputImage: 900,
  });
});

test.each([
  [undefined],
  [null],
  ['twenty'],
  [{}],
  [{ billedUnits: { inputTokens: -1, outputTokens: 1.5 } }],
  [{ billedUnits: { inputTokens: '20' }, tokens: null, cachedTokens: Number.NaN }],
  [{ billedUnits: { inputTokens: 2 ** 60 } }],
])('%j is nothing reported', (reported) => {
  expect(readUsage(reported)).toBeUndefined();
});

test('names that are not known are not kept', () => {
  const reading = readUsage({ billedUnits: { inputTokens: 1, canary: 2 }, warnings: ['canary'] });
  expect(JSON.stringify(reading)).not.toContain('canary');
});
