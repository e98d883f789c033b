import { tokenUsageSchema, totalTokens } from '@tallykit/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readUsage } from './read-usage.ts';

const tokens = (modality: string, tokenCount: number) => ({ modality, tokenCount });

test.each([
  [
    'thoughts beside the candidates',
    { promptTokenCount: 100, candidatesTokenCount: 20, thoughtsTokenCount: 50, totalTokenCount: 170 },
    { input: 100, output: 20, reasoning: 50 },
  ],
  [
    'thoughts within the candidates, as the total says',
    { promptTokenCount: 100, candidatesTokenCount: 70, thoughtsTokenCount: 50, totalTokenCount: 170 },
    { input: 100, output: 20, reasoning: 50 },
  ],
  [
    'thoughts without a total as beside the candidates',
    { promptTokenCount: 100, candidatesTokenCount: 20, thoughtsTokenCount: 50 },
    { input: 100, output: 20, reasoning: 50 },
  ],
  [
    'thoughts alone, when the limit was reached before an answer',
    { promptTokenCount: 9, thoughtsTokenCount: 64, totalTokenCount: 73 },
    { input: 9, reasoning: 64 },
  ],
  [
    'results of tools beside the prompt',
    { promptTokenCount: 100, toolUsePromptTokenCount: 30, candidatesTokenCount: 20, totalTokenCount: 150 },
    { input: 130, output: 20 },
  ],
  [
    'results of tools within the prompt, as the total says',
    {
      promptTokenCount: 130,
      toolUsePromptTokenCount: 30,
      candidatesTokenCount: 20,
      thoughtsTokenCount: 5,
      totalTokenCount: 155,
    },
    { input: 130, output: 20, reasoning: 5 },
  ],
  [
    'a cached part of the prompt',
    { promptTokenCount: 100, cachedContentTokenCount: 80, candidatesTokenCount: 3, totalTokenCount: 103 },
    { input: 20, cacheRead: 80, output: 3 },
  ],
  [
    'a cache that is counted beside the prompt',
    { promptTokenCount: 10, cachedContentTokenCount: 80, candidatesTokenCount: 3 },
    { input: 10, cacheRead: 80, output: 3 },
  ],
  [
    'sound, pictures and pages, fresh and cached',
    {
      promptTokenCount: 1000,
      cachedContentTokenCount: 400,
      candidatesTokenCount: 10,
      totalTokenCount: 1010,
      promptTokensDetails: [
        tokens('TEXT', 200),
        tokens('AUDIO', 300),
        tokens('IMAGE', 258),
        tokens('DOCUMENT', 242),
      ],
      cacheTokensDetails: [tokens('AUDIO', 100), tokens('DOCUMENT', 242), tokens('TEXT', 58)],
    },
    { input: 142, inputAudio: 200, inputImage: 258, cacheRead: 300, cacheReadAudio: 100, output: 10 },
  ],
  [
    'sound that must have come from the cache, though no list says so',
    {
      promptTokenCount: 100,
      cachedContentTokenCount: 70,
      promptTokensDetails: [tokens('AUDIO', 50), tokens('TEXT', 50)],
    },
    { input: 0, inputAudio: 30, cacheRead: 50, cacheReadAudio: 20 },
  ],
  [
    'video as plain input',
    { promptTokenCount: 300, promptTokensDetails: [tokens('VIDEO', 263), tokens('TEXT', 37)] },
    { input: 300 },
  ],
  [
    'a picture and speech in the answer',
    {
      promptTokenCount: 7,
      candidatesTokenCount: 1400,
      totalTokenCount: 1407,
      candidatesTokensDetails: [tokens('IMAGE', 1290), tokens('AUDIO', 100), tokens('TEXT', 10)],
    },
    { input: 7, output: 10, outputImage: 1290, outputAudio: 100 },
  ],
  ['nothing but zeros', { promptTokenCount: 0, candidatesTokenCount: 0 }, { input: 0, output: 0 }],
  ['only a prompt so far', { promptTokenCount: 8, totalTokenCount: 8 }, { input: 8 }],
])('reads %s', (_, reported, expected) => {
  expect(readUsage(reported)?.usage).toEqual(expected);
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['text', '12'],
  ['no counts', { trafficType: 'ON_DEMAND' }],
  ['counts that are none', { promptTokenCount: -1, candidatesTokenCount: 1.5, totalTokenCount: '7' }],
  ['lists that are none', { promptTokensDetails: 'TEXT', candidatesTokensDetails: { modality: 'TEXT' } }],
])('reads %s as not reported', (_, reported) => {
  expect(readUsage(reported)).toBeUndefined();
});

test('the raw counts are kept under names from a list, at most 16 of them', () => {
  const everything = ['TEXT', 'AUDIO', 'IMAGE', 'VIDEO', 'DOCUMENT', 'canary'].map((name) => tokens(name, 2));
  const reading = readUsage({
    promptTokenCount: 12,
    cachedContentTokenCount: 12,
    candidatesTokenCount: 12,
    thoughtsTokenCount: 1,
    toolUsePromptTokenCount: 2,
    totalTokenCount: 27,
    secret: 'canary',
    canaryTokenCount: 5,
    promptTokensDetails: everything,
    cacheTokensDetails: everything,
    candidatesTokensDetails: everything,
  });
  expect(Object.keys(reading?.rawUsage ?? {}).length).toBeLessThanOrEqual(16);
  expect(reading?.rawUsage).toMatchObject({ promptTokenCount: 12, 'cache.AUDIO': 2, 'candidates.IMAGE': 2 });
  expect(JSON.stringify(reading)).not.toContain('canary');
});

describe('for any counts', () => {
  const count = fc.integer({ min: 0, max: 2 ** 36 });
  const parts = fc.record({
    text: count,
    audio: count,
    image: count,
    cachedText: count,
    cachedAudio: count,
    output: count,
    speech: count,
    thoughts: count,
    tools: count,
    thoughtsWithin: fc.boolean(),
  });

  test('the buckets do not overlap and their sum is the total', () => {
    fc.assert(
      fc.property(parts, (part) => {
        const cached = part.cachedText + part.cachedAudio;
        const prompt = part.text + part.audio + part.image + cached;
        const answer = part.output + part.speech;
        const total = prompt + part.tools + answer + part.thoughts;
        const reading = readUsage({
          promptTokenCount: prompt,
          cachedContentTokenCount: cached,
          candidatesTokenCount: answer + (part.thoughtsWithin ? part.thoughts : 0),
          thoughtsTokenCount: part.thoughts,
          toolUsePromptTokenCount: part.tools,
          totalTokenCount: total,
          promptTokensDetails: [
            tokens('TEXT', part.text + part.cachedText),
            tokens('AUDIO', part.audio + part.cachedAudio),
            tokens('IMAGE', part.image),
          ],
          cacheTokensDetails: [tokens('TEXT', part.cachedText), tokens('AUDIO', part.cachedAudio)],
          candidatesTokensDetails: [tokens('TEXT', part.output), tokens('AUDIO', part.speech)],
        });
        expect(tokenUsageSchema.safeParse(reading?.usage).success).toBe(true);
        expect(totalTokens(reading?.usage)).toBe(total);
      }),
    );
  });

  test('no wild report makes a bucket that is no count', () => {
    const wild = fc.record(
      {
        promptTokenCount: count,
        cachedContentTokenCount: count,
        candidatesTokenCount: count,
        thoughtsTokenCount: count,
        toolUsePromptTokenCount: count,
        totalTokenCount: count,
        promptTokensDetails: fc.array(
          fc.record({ modality: fc.constantFrom('AUDIO', 'IMAGE', 'TEXT'), tokenCount: count }),
        ),
        cacheTokensDetails: fc.array(
          fc.record({ modality: fc.constantFrom('AUDIO', 'IMAGE', 'TEXT'), tokenCount: count }),
        ),
        candidatesTokensDetails: fc.array(
          fc.record({ modality: fc.constantFrom('AUDIO', 'IMAGE'), tokenCount: count }),
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(wild, (reported) => {
        expect(tokenUsageSchema.safeParse(readUsage(reported)?.usage ?? {}).success).toBe(true);
      }),
    );
  });
});
