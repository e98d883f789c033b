import { expect, test } from 'vitest';
import { readUsage } from './read-usage.ts';

const read = (metadata: object, raw: object = {}, legacy: object = {}) =>
  readUsage({
    metadata: metadata as Record<string, unknown>,
    raw: raw as Record<string, unknown>,
    legacy: legacy as Record<string, unknown>,
  })?.usage;

test('input holds the cache, output holds reasoning, and both hold sound', () => {
  const metadata = {
    input_tokens: 100,
    output_tokens: 50,
    total_tokens: 150,
    input_token_details: { cache_read: 20, cache_creation: 10, audio: 5 },
    output_token_details: { reasoning: 30, audio: 4 },
  };
  expect(read(metadata)).toEqual({
    input: 65,
    cacheRead: 20,
    cacheWrite: 10,
    inputAudio: 5,
    output: 16,
    reasoning: 30,
    outputAudio: 4,
  });
});

test("Anthropic's lifetimes of what was cached are told apart, and its searches counted", () => {
  const metadata = {
    input_tokens: 170,
    output_tokens: 12,
    total_tokens: 182,
    input_token_details: { cache_read: 40, cache_creation: 30 },
  };
  const raw = {
    input_tokens: 100,
    cache_read_input_tokens: 40,
    cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 10 },
    server_tool_use: { web_search_requests: 2 },
  };
  expect(read(metadata, raw)).toEqual({
    input: 100,
    cacheRead: 40,
    cacheWrite5m: 20,
    cacheWrite1h: 10,
    output: 12,
    webSearches: 2,
  });
});

test('conformance 5: an integration that counts the cache beside the input is known by its total, or by what the provider says', () => {
  const details = { cache_read: 40, cache_creation: 30 };
  const counts = { input_tokens: 100, output_tokens: 12, input_token_details: details };
  const expected = { input: 100, cacheRead: 40, cacheWrite: 30, output: 12 };
  expect(read({ ...counts, total_tokens: 182 })).toEqual(expected);
  expect(read({ ...counts, total_tokens: 112 }, { input_tokens: 100, cache_read_input_tokens: 40 })).toEqual(
    expected,
  );
  expect(read({ input_tokens: 10, output_tokens: 1, input_token_details: { cache_read: 40 } })).toEqual({
    input: 10,
    cacheRead: 40,
    output: 1,
  });
});

test('conformance 4: reasoning beside the output is known by the total', () => {
  const metadata = {
    input_tokens: 10,
    output_tokens: 5,
    total_tokens: 22,
    output_token_details: { reasoning: 7 },
  };
  expect(read(metadata)).toEqual({ input: 10, output: 5, reasoning: 7 });
});

test('conformance 10: a zero that an integration loses is found in what the provider said', () => {
  expect(read({ input_tokens: 5 }, { prompt_tokens: 5, completion_tokens: 0 })).toEqual({
    input: 5,
    output: 0,
  });
});

test('conformance 10: zeros that an integration fills in are absent', () => {
  expect(read({ input_tokens: 0, output_tokens: 0, total_tokens: 0 })).toBeUndefined();
  expect(read({}, {}, {})).toBeUndefined();
});

test('older counts are read, and what is no count is not', () => {
  expect(read({}, {}, { promptTokens: 8, completionTokens: 3 })).toEqual({ input: 8, output: 3 });
  expect(read({ input_tokens: 'many', output_tokens: -1 }, {}, {})).toBeUndefined();
});
