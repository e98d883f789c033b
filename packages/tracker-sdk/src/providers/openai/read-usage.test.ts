import { tokenUsageSchema, totalTokens } from '@tallykit/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readUsage } from './read-usage.ts';

test.each([
  [
    'a chat completion with everything',
    {
      prompt_tokens: 2006,
      completion_tokens: 300,
      total_tokens: 2306,
      prompt_tokens_details: { cached_tokens: 1920, audio_tokens: 6 },
      completion_tokens_details: {
        reasoning_tokens: 192,
        audio_tokens: 8,
        accepted_prediction_tokens: 5,
        rejected_prediction_tokens: 2,
      },
    },
    { input: 80, cacheRead: 1920, inputAudio: 6, output: 100, reasoning: 192, outputAudio: 8 },
  ],
  [
    'a response with a cache write',
    {
      input_tokens: 100,
      output_tokens: 10,
      total_tokens: 110,
      input_tokens_details: { cached_tokens: 40, cache_write_tokens: 30 },
      output_tokens_details: { reasoning_tokens: 0 },
    },
    { input: 30, cacheRead: 40, cacheWrite: 30, output: 10, reasoning: 0 },
  ],
  ['embeddings', { prompt_tokens: 8, total_tokens: 8 }, { input: 8 }],
  ['nothing but zeros', { prompt_tokens: 0, completion_tokens: 0 }, { input: 0, output: 0 }],
  [
    'a host that counts the cache beside the prompt',
    { prompt_tokens: 10, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 900 } },
    { input: 10, cacheRead: 900, output: 2 },
  ],
  [
    'a host that counts reasoning beside the completion',
    {
      prompt_tokens: 10,
      completion_tokens: 4,
      total_tokens: 64,
      completion_tokens_details: { reasoning_tokens: 50 },
    },
    { input: 10, output: 4, reasoning: 50 },
  ],
  [
    'sound of which some was cached',
    { prompt_tokens: 100, prompt_tokens_details: { cached_tokens: 70, audio_tokens: 50 } },
    { input: 0, cacheRead: 50, inputAudio: 30, cacheReadAudio: 20 },
  ],
])('reads %s', (_, reported, expected) => {
  expect(readUsage(reported)?.usage).toEqual(expected);
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['text', '12'],
  ['no counts', {}],
  ['counts that are none', { prompt_tokens: -1, completion_tokens: 1.5, total_tokens: '7' }],
])('reads %s as not reported', (_, reported) => {
  expect(readUsage(reported)).toBeUndefined();
});

test('the raw counts are kept under names from a list, and nothing else', () => {
  const reading = readUsage({
    prompt_tokens: 9,
    completion_tokens: 4,
    total_tokens: 13,
    secret: 'text',
    surprise: 5,
    prompt_tokens_details: { cached_tokens: 3, surprise: 7 },
  });
  expect(reading?.rawUsage).toEqual({
    prompt_tokens: 9,
    completion_tokens: 4,
    total_tokens: 13,
    'input.cached_tokens': 3,
  });
});

test('more raw counts than an event holds are cut', () => {
  const names = ['cached', 'cache_write', 'audio', 'image', 'text', 'reasoning', 'prompt', 'input', 'total'];
  const details = Object.fromEntries(names.map((name) => [`${name}_tokens`, 1]));
  const reading = readUsage({
    prompt_tokens: 9,
    completion_tokens: 9,
    prompt_tokens_details: { ...details, cached_tokens_details: details },
    completion_tokens_details: details,
  });
  expect(Object.keys(reading?.rawUsage ?? {})).toHaveLength(16);
  expect(reading?.usage).toMatchObject({ input: 7, cacheWrite: 1, cacheReadAudio: 1 });
});

describe('for any counts of the inclusive convention', () => {
  const count = fc.integer({ min: 0, max: 2 ** 36 });
  const reported = fc
    .record({ fresh: count, cached: count, written: count, output: count, reasoning: count, speech: count })
    .chain((parts) => {
      const prompt = parts.fresh + parts.cached + parts.written;
      return fc.record({
        prompt: fc.constant(prompt),
        parts: fc.constant(parts),
        audio: fc.integer({ min: 0, max: parts.fresh + parts.cached }),
      });
    });

  test('the buckets do not overlap and their sum is the total', () => {
    fc.assert(
      fc.property(reported, ({ prompt, parts, audio }) => {
        const completion = parts.output + parts.reasoning + parts.speech;
        const reading = readUsage({
          prompt_tokens: prompt,
          completion_tokens: completion,
          total_tokens: prompt + completion,
          prompt_tokens_details: {
            cached_tokens: parts.cached,
            cache_write_tokens: parts.written,
            audio_tokens: audio,
          },
          completion_tokens_details: { reasoning_tokens: parts.reasoning, audio_tokens: parts.speech },
        });
        expect(tokenUsageSchema.safeParse(reading?.usage).success).toBe(true);
        expect(totalTokens(reading?.usage)).toBe(prompt + completion);
      }),
    );
  });
});
