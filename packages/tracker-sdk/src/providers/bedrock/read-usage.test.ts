import { expect, test } from 'vitest';
import { readHeaderUsage, readUsage } from './read-usage.ts';

test('Converse counts input beside the cache, and says how long what was written lives', () => {
  const reading = readUsage({
    inputTokens: 10,
    outputTokens: 5,
    totalTokens: 145,
    cacheReadInputTokens: 100,
    cacheWriteInputTokens: 30,
    cacheDetails: [
      { ttl: '1h', inputTokens: 20 },
      { ttl: '5m', inputTokens: 10 },
    ],
  });
  expect(reading?.usage).toEqual({
    input: 10,
    cacheRead: 100,
    cacheWrite5m: 10,
    cacheWrite1h: 20,
    output: 5,
  });
  expect(reading?.rawUsage).toMatchObject({ totalTokens: 145, cache_write_1h: 20 });
});

test('what was written without a lifetime stays without one', () => {
  expect(readUsage({ inputTokens: 1, cacheWriteInputTokens: 30 })?.usage).toEqual({
    input: 1,
    cacheWrite: 30,
  });
  const partly = { cacheWriteInputTokens: 30, cacheDetails: [{ ttl: '1h', inputTokens: 20 }] };
  expect(readUsage(partly)?.usage).toEqual({ cacheWrite: 10, cacheWrite1h: 20 });
});

test('Claude names the lifetimes', () => {
  const reported = {
    input_tokens: 7,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 12,
    cache_creation: { ephemeral_5m_input_tokens: 12, ephemeral_1h_input_tokens: 0 },
    output_tokens: 3,
  };
  expect(readUsage(reported)?.usage).toEqual({
    input: 7,
    cacheRead: 0,
    cacheWrite5m: 12,
    cacheWrite1h: 0,
    output: 3,
  });
});

test.each([
  [
    'Nova',
    { inputTokens: 4, outputTokens: 2, cacheReadInputTokenCount: 9 },
    { input: 4, cacheRead: 9, output: 2 },
  ],
  ['Titan embeddings', { inputTextTokenCount: 6 }, { input: 6 }],
  ['Llama', { prompt_token_count: 8, generation_token_count: 3 }, { input: 8, output: 3 }],
  [
    "OpenAI's dialect, which includes the cache",
    { prompt_tokens: 20, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 4 } },
    { input: 16, cacheRead: 4, output: 7 },
  ],
])('%s', (_name, reported, usage) => {
  expect(readUsage(reported)?.usage).toEqual(usage);
});

test('headers are whole numbers or nothing', () => {
  const headers = {
    'x-amzn-bedrock-input-token-count': '12',
    'x-amzn-bedrock-output-token-count': '0',
    'x-amzn-bedrock-cache-read-input-token-count': '-1',
  };
  expect(readHeaderUsage(headers)?.usage).toEqual({ input: 12, output: 0 });
  expect(readHeaderUsage({ 'x-amzn-bedrock-input-token-count': 'canary' })).toBeUndefined();
  expect(readHeaderUsage(undefined)).toBeUndefined();
});

test.each([
  [undefined],
  [null],
  [7],
  [{}],
  [{ inputTokens: '7', outputTokens: -1, cacheDetails: [null, { ttl: 'canary' }] }],
  [{ constructor: 5, inputTokens: 2 ** 60 }],
])('%j is nothing reported', (reported) => {
  expect(readUsage(reported)).toBeUndefined();
});
