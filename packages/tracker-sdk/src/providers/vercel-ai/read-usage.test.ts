import { describe, expect, test } from 'vitest';
import { readUsage } from './read-usage.ts';

describe('flat counts, version 2 of the specification', () => {
  test('are inclusive', () => {
    const reported = {
      inputTokens: 20,
      outputTokens: 9,
      totalTokens: 29,
      cachedInputTokens: 4,
      reasoningTokens: 2,
    };
    expect(readUsage(reported, { openai: {} })?.usage).toEqual({
      input: 16,
      cacheRead: 4,
      output: 7,
      reasoning: 2,
    });
  });

  test('are exclusive where Anthropic reports them, which puts cache writes in its metadata', () => {
    const reported = { inputTokens: 100, outputTokens: 12, totalTokens: 112, cachedInputTokens: 40 };
    const metadata = { anthropic: { cacheCreationInputTokens: 30 } };
    const reading = readUsage(reported, metadata);
    expect(reading?.usage).toEqual({ input: 100, cacheRead: 40, cacheWrite: 30, output: 12 });
    const usage = {
      input_tokens: 100,
      cache_creation_input_tokens: 30,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 30 },
    };
    expect(readUsage(reported, { anthropic: { ...metadata.anthropic, usage } })?.usage).toEqual({
      input: 100,
      cacheRead: 40,
      cacheWrite5m: 0,
      cacheWrite1h: 30,
      output: 12,
    });
  });

  test('conformance 5: are exclusive on Bedrock', () => {
    const reported = { inputTokens: 100, outputTokens: 12, totalTokens: 182, cachedInputTokens: 40 };
    const metadata = { bedrock: { usage: { cacheWriteInputTokens: 30 } } };
    expect(readUsage(reported, metadata)?.usage).toEqual({
      input: 100,
      cacheRead: 40,
      cacheWrite: 30,
      output: 12,
    });
  });

  test('conformance 7: are exclusive wherever more was cached than read', () => {
    const reported = { inputTokens: 10, outputTokens: 2, cachedInputTokens: 40 };
    expect(readUsage(reported, {})?.usage).toEqual({ input: 10, cacheRead: 40, output: 2 });
  });

  test('conformance 4: leave reasoning out of the output where the total says so, as Google does', () => {
    const reported = { inputTokens: 10, outputTokens: 5, reasoningTokens: 7, totalTokens: 22 };
    expect(readUsage(reported, { google: {} })?.usage).toEqual({ input: 10, output: 5, reasoning: 7 });
  });

  test("conformance 4: take Google's own report from its metadata, and the searches it made", () => {
    const reported = { inputTokens: 100, outputTokens: 5, totalTokens: 105 };
    const usageMetadata = {
      promptTokenCount: 100,
      promptTokensDetails: [{ modality: 'AUDIO', tokenCount: 30 }],
    };
    const google = { usageMetadata, groundingMetadata: { webSearchQueries: ['one', 'two'] } };
    expect(readUsage(reported, { google })?.usage).toEqual({
      input: 70,
      inputAudio: 30,
      output: 5,
      webSearches: 2,
    });
  });

  test('keep their meaning when a newer major converts them', () => {
    const reported = {
      inputTokens: { total: 100, noCache: undefined, cacheRead: 40, cacheWrite: undefined },
      outputTokens: { total: 12, text: undefined, reasoning: 0 },
      raw: { totalTokens: 112 },
    };
    expect(readUsage(reported, { anthropic: { cacheCreationInputTokens: 30 } })?.usage).toEqual({
      input: 100,
      cacheRead: 40,
      cacheWrite: 30,
      output: 12,
      reasoning: 0,
    });
  });
});

describe('nested counts, versions 3 and 4', () => {
  const empty = { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined };

  test('conformance 10: an undefined count is absent, never zero', () => {
    expect(readUsage({ inputTokens: empty, outputTokens: { total: undefined } }, {})).toBeUndefined();
    expect(readUsage({ inputTokens: { ...empty, total: 3 }, outputTokens: { total: 0 } }, {})?.usage).toEqual(
      {
        input: 3,
        output: 0,
      },
    );
  });

  test("conformance 10: a zero of the AI SDK's own is absent, a zero of the provider's stays", () => {
    const reported = (raw: object) => ({
      inputTokens: { total: 5, noCache: 5, cacheRead: 0, cacheWrite: undefined },
      outputTokens: { total: 2, text: 2, reasoning: 0 },
      raw,
    });
    expect(readUsage(reported({ prompt_tokens: 5, completion_tokens: 2 }), {})?.usage).toEqual({
      input: 5,
      output: 2,
    });
    const telling = {
      prompt_tokens: 5,
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0 },
    };
    expect(readUsage(reported(telling), {})?.usage).toEqual({
      input: 5,
      cacheRead: 0,
      output: 2,
      reasoning: 0,
    });
  });

  test("conformance 4: Google's modalities and tool prompts are told apart", () => {
    // The shape of https://ai.google.dev/api/generate-content#UsageMetadata.
    const raw = {
      promptTokenCount: 100,
      toolUsePromptTokenCount: 8,
      cachedContentTokenCount: 20,
      candidatesTokenCount: 50,
      thoughtsTokenCount: 6,
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 70 },
        { modality: 'AUDIO', tokenCount: 30 },
      ],
      cacheTokensDetails: [{ modality: 'AUDIO', tokenCount: 5 }],
      candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 40 }],
    };
    const reported = {
      inputTokens: { total: 100, noCache: 80, cacheRead: 20, cacheWrite: undefined },
      outputTokens: { total: 56, text: 50, reasoning: 6 },
      raw,
    };
    expect(readUsage(reported, { google: {} })?.usage).toEqual({
      input: 55 + 8,
      inputAudio: 25,
      cacheRead: 15,
      cacheReadAudio: 5,
      output: 10,
      outputImage: 40,
      reasoning: 6,
    });
  });

  test('reasoning beside the text is not taken from it', () => {
    const reported = { inputTokens: { total: 4 }, outputTokens: { total: 10, text: 10, reasoning: 3 } };
    expect(readUsage(reported, {})?.usage).toEqual({ input: 4, output: 10, reasoning: 3 });
  });
});

test.each([
  undefined,
  null,
  'many',
  { inputTokens: 'many', outputTokens: Number.NaN },
  { inputTokens: { total: -1 }, outputTokens: { total: 2 ** 60 } },
  { inputTokens: [], outputTokens: () => 1 },
])('what is no count is as good as absent: %o', (reported) => {
  expect(readUsage(reported, {})).toBeUndefined();
});

test('the raw counts have at most sixteen known names and hold whole numbers alone', () => {
  const raw = {
    input_tokens: 3,
    secret: 'canary',
    cache_creation: { ephemeral_5m_input_tokens: 1, ephemeral_1h_input_tokens: 1 },
    server_tool_use: { web_search_requests: 1 },
    input_tokens_details: { audio_tokens: 1 },
    output_tokens_details: { audio_tokens: 1 },
    promptTokensDetails: [{ modality: 'AUDIO', tokenCount: 1 }],
    cacheTokensDetails: [{ modality: 'AUDIO', tokenCount: 1 }],
    candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 1 }],
    toolUsePromptTokenCount: 1,
    totalTokens: 9,
  };
  const reported = {
    inputTokens: { total: 9, noCache: 5, cacheRead: 2, cacheWrite: 2 },
    outputTokens: { total: 9, text: 4, reasoning: 2 },
    raw,
  };
  const reading = readUsage(reported, {});
  expect(Object.keys(reading?.rawUsage ?? {})).toHaveLength(16);
  expect(Object.values(reading?.rawUsage ?? {}).every(Number.isSafeInteger)).toBe(true);
});
