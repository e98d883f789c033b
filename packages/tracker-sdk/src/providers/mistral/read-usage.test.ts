import { tokenUsageSchema, totalTokens } from '@tallykit/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readUsage } from './read-usage.ts';

test.each([
  ['a chat completion', { promptTokens: 20, completionTokens: 7, totalTokens: 27 }, { input: 20, output: 7 }],
  [
    'cached tokens under the name of the API, where the SDK does not know it',
    { promptTokens: 20, completionTokens: 7, totalTokens: 27, prompt_tokens_details: { cached_tokens: 4 } },
    { input: 16, cacheRead: 4, output: 7 },
  ],
  [
    'cached tokens among the additional properties of the first major version',
    {
      promptTokens: 20,
      completionTokens: 7,
      totalTokens: 27,
      additionalProperties: { num_cached_tokens: 4 },
    },
    { input: 16, cacheRead: 4, output: 7 },
  ],
  [
    'cached tokens and reasoning where the SDK knows them',
    {
      promptTokens: 20,
      completionTokens: 7,
      totalTokens: 27,
      promptTokensDetails: { cachedTokens: 0, audioTokens: 5 },
      completionTokensDetails: { reasoningTokens: 3 },
    },
    { input: 15, inputAudio: 5, cacheRead: 0, output: 4, reasoning: 3 },
  ],
  [
    'a call with sound',
    { promptTokens: 20, completionTokens: 7, totalTokens: 27, promptAudioSeconds: 12 },
    { input: 20, output: 7, seconds: 12 },
  ],
  [
    'a conversation whose connectors read beside the prompt',
    {
      promptTokens: 100,
      completionTokens: 20,
      totalTokens: 420,
      connectorTokens: 300,
      connectors: { web_search: 2, web_search_premium: 1, image_generation: 1, code_interpreter: 9 },
    },
    { input: 400, output: 20, webSearches: 3, imagesGenerated: 1 },
  ],
  [
    'a conversation whose connectors are in the prompt already, as the total says',
    { promptTokens: 400, completionTokens: 20, totalTokens: 420, connectorTokens: 300 },
    { input: 400, output: 20 },
  ],
  ['an answer of nothing', { promptTokens: 5, completionTokens: 0, totalTokens: 5 }, { input: 5, output: 0 }],
])('reads %s', (_, reported, expected) => {
  expect(readUsage(reported)?.usage).toEqual(expected);
});

test('a transcription is its length, with the tokens kept beside it', () => {
  const reported = { promptTokens: 4, completionTokens: 635, totalTokens: 3264, promptAudioSeconds: 203 };
  expect(readUsage(reported, true)).toEqual({ usage: { seconds: 203 }, rawUsage: reported });
  expect(readUsage({ promptTokens: 4, totalTokens: 4 }, true)?.usage).toEqual({ input: 4 });
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['text', '12'],
  ['no counts', {}],
  [
    'the zeros that the SDK writes for a report of nothing',
    { promptTokens: 0, completionTokens: 0, totalTokens: 0 },
  ],
  [
    'counts that are none',
    { promptTokens: -1, completionTokens: 1.5, totalTokens: '7', promptTokensDetails: 3 },
  ],
])('reads %s as not reported', (_, reported) => {
  expect(readUsage(reported)).toBeUndefined();
});

test('the raw counts are kept under names from a list', () => {
  const reading = readUsage({
    promptTokens: 5,
    completionTokens: 1,
    totalTokens: 6,
    canary: 7,
    connectors: { canary: 8 },
    additionalProperties: { canary: 9 },
  });
  expect(reading?.rawUsage).toEqual({ promptTokens: 5, completionTokens: 1, totalTokens: 6 });
});

test('for any counts the buckets do not overlap and their sum is the total', () => {
  const count = fc.integer({ min: 0, max: 2 ** 36 });
  const parts = fc.record({ text: count, cached: count, audio: count, output: count, reasoning: count });
  fc.assert(
    fc.property(parts, ({ text, cached, audio, output, reasoning }) => {
      const [prompt, completion] = [text + cached + audio, output + reasoning];
      fc.pre(prompt + completion > 0);
      const reading = readUsage({
        promptTokens: prompt,
        completionTokens: completion,
        totalTokens: prompt + completion,
        promptTokensDetails: { cachedTokens: cached, audioTokens: audio },
        completionTokensDetails: { reasoningTokens: reasoning },
      });
      expect(tokenUsageSchema.safeParse(reading?.usage).success).toBe(true);
      expect(totalTokens(reading?.usage)).toBe(prompt + completion);
    }),
  );
});
