import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { completionTokens, promptTokens, type TokenUsage } from '../token-usage.ts';
import { callOf, chat } from './build-span.ts';
import type { GenAiSpan, SpanAttributes } from './gen-ai-span.ts';
import { usageNames } from './usage-names.ts';

const usageOf = (attributes: SpanAttributes, rest: Partial<GenAiSpan> = {}) =>
  callOf({ ...chat, ...attributes }, rest).usage;

describe('tokens', () => {
  const inclusive: readonly [string, string, string, string][] = [
    [
      'gen_ai.usage.input_tokens',
      'gen_ai.usage.output_tokens',
      'gen_ai.usage.cache_read.input_tokens',
      'gen_ai.usage.reasoning.output_tokens',
    ],
    [
      'gen_ai.usage.prompt_tokens',
      'gen_ai.usage.completion_tokens',
      'gen_ai.usage.cache_read_input_tokens',
      'gen_ai.usage.reasoning_tokens',
    ],
    [
      'llm.token_count.prompt',
      'llm.token_count.completion',
      'llm.token_count.prompt_details.cache_read',
      'llm.token_count.completion_details.reasoning',
    ],
    [
      'llm.usage.prompt_tokens',
      'llm.usage.completion_tokens',
      'llm.usage.cache_read_input_tokens',
      'llm.usage.reasoning_tokens',
    ],
    [
      'ai.usage.inputTokens',
      'ai.usage.outputTokens',
      'ai.usage.inputTokenDetails.cacheReadTokens',
      'ai.usage.outputTokenDetails.reasoningTokens',
    ],
    [
      'ai.usage.promptTokens',
      'ai.usage.completionTokens',
      'ai.usage.cachedInputTokens',
      'ai.usage.reasoningTokens',
    ],
  ];
  test.each(inclusive)('%s and %s hold %s and %s', (input, output, cached, reasoning) => {
    expect(usageOf({ [input]: 1200, [output]: 120, [cached]: 300, [reasoning]: 20 })).toEqual({
      input: 900,
      cacheRead: 300,
      output: 100,
      reasoning: 20,
    });
  });

  test.each(usageNames.input)('%s is the whole input', (name) => {
    expect(usageOf({ [name]: 1200 })).toEqual({ input: 1200 });
  });
  test.each(usageNames.output)('%s is the whole output', (name) => {
    expect(usageOf({ [name]: 120 })).toEqual({ output: 120 });
  });
  test.each(usageNames.cacheRead)('%s is taken out of the input', (name) => {
    expect(usageOf({ 'gen_ai.usage.input_tokens': 1200, [name]: 300 })).toEqual({
      input: 900,
      cacheRead: 300,
    });
  });
  test.each(usageNames.cacheWrite)('%s is taken out of the input, without a lifetime', (name) => {
    expect(usageOf({ 'gen_ai.usage.input_tokens': 1200, [name]: 300 })).toEqual({
      input: 900,
      cacheWrite: 300,
    });
  });
  test.each(usageNames.reasoning)('%s is taken out of the output', (name) => {
    expect(usageOf({ 'gen_ai.usage.output_tokens': 120, [name]: 20 })).toEqual({
      output: 100,
      reasoning: 20,
    });
  });
  test.each(usageNames.inputAudio)('%s is taken out of the input', (name) => {
    expect(usageOf({ 'gen_ai.usage.input_tokens': 120, [name]: 20 })).toEqual({ input: 100, inputAudio: 20 });
  });
  test.each(usageNames.outputAudio)('%s is taken out of the output', (name) => {
    expect(usageOf({ 'gen_ai.usage.output_tokens': 120, [name]: 20 })).toEqual({
      output: 100,
      outputAudio: 20,
    });
  });

  test('one count under several names is one count', () => {
    expect(
      usageOf({
        'gen_ai.usage.input_tokens': 1200,
        'gen_ai.usage.prompt_tokens': 1200,
        'llm.usage.total_tokens': 1320,
        'ai.usage.inputTokens': 1200,
        'ai.usage.cachedInputTokens': 300,
        'ai.usage.inputTokenDetails.cacheReadTokens': 300,
        'ai.usage.inputTokenDetails.noCacheTokens': 900,
        'gen_ai.usage.output_tokens': 120,
        'ai.usage.outputTokens': 120,
      }),
    ).toEqual({ input: 900, cacheRead: 300, output: 120 });
  });

  test('OpenLLMetry for JavaScript passes on what Anthropic reports: the input is without the cache', () => {
    const reported = {
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.usage.input_tokens': 1200,
      'gen_ai.usage.cache_read.input_tokens': 300,
      'gen_ai.usage.cache_creation.input_tokens': 50,
      'gen_ai.usage.output_tokens': 10,
      'gen_ai.usage.total_tokens': 1210,
    };
    expect(usageOf(reported, { scopeName: '@traceloop/instrumentation-anthropic' })).toEqual({
      input: 1200,
      cacheRead: 300,
      cacheWrite: 50,
      output: 10,
    });
    expect(usageOf(reported, { scopeName: 'opentelemetry.instrumentation.anthropic' })).toMatchObject({
      input: 850,
    });
  });

  test('AI SDK 5 passes on what Anthropic reports, AI SDK 6 does not', () => {
    const reported = {
      'ai.operationId': 'ai.streamText.doStream',
      'ai.model.provider': 'anthropic.messages',
      'ai.model.id': 'claude-sonnet-4-5',
      'ai.usage.inputTokens': 1200,
      'ai.usage.cachedInputTokens': 300,
      'gen_ai.usage.input_tokens': 1200,
    };
    expect(callOf(reported).usage).toEqual({ input: 1200, cacheRead: 300 });
    expect(callOf({ ...reported, 'ai.usage.inputTokenDetails.noCacheTokens': 900 }).usage).toMatchObject({
      input: 900,
    });
    expect(callOf({ ...reported, 'ai.model.provider': 'openai.responses' }).usage).toMatchObject({
      input: 900,
    });
  });

  test('a cache larger than the input was never a part of it', () => {
    expect(usageOf({ 'gen_ai.usage.input_tokens': 5, 'gen_ai.usage.cache_read_tokens': 128_955 })).toEqual({
      input: 5,
      cacheRead: 128_955,
    });
  });

  test('a total that holds input, cache and output says that they were apart', () => {
    const counts = {
      'gen_ai.usage.input_tokens': 500,
      'gen_ai.usage.cache_read_tokens': 300,
      'gen_ai.usage.output_tokens': 20,
    };
    expect(usageOf({ ...counts, 'gen_ai.usage.total_tokens': 820 })).toMatchObject({ input: 500 });
    expect(usageOf({ ...counts, 'gen_ai.usage.total_tokens': 520 })).toMatchObject({ input: 200 });
  });

  test('a total that holds output and thoughts says that they were apart', () => {
    const counts = {
      'gen_ai.usage.input_tokens': 500,
      'gen_ai.usage.output_tokens': 20,
      'gen_ai.usage.reasoning_tokens': 15,
    };
    expect(usageOf({ ...counts, 'gen_ai.usage.total_tokens': 535 })).toMatchObject({
      output: 20,
      reasoning: 15,
    });
    expect(usageOf({ ...counts, 'gen_ai.usage.total_tokens': 520 })).toMatchObject({
      output: 5,
      reasoning: 15,
    });
  });

  test('absent is not zero, and zero stays', () => {
    expect(usageOf({})).toBeUndefined();
    expect(usageOf({ 'gen_ai.usage.input_tokens': 0, 'gen_ai.usage.cache_read.input_tokens': 0 })).toEqual({
      input: 0,
      cacheRead: 0,
    });
  });

  test('what is no count is no count', () => {
    for (const value of [-1, 1.5, Number.NaN, 2 ** 60, 'many', '', true, [3]]) {
      expect(usageOf({ 'gen_ai.usage.input_tokens': value })).toBeUndefined();
    }
    expect(usageOf({ 'gen_ai.usage.input_tokens': '1200' })).toEqual({ input: 1200 });
  });

  test('the reported counts stay beside the buckets, by listed names only', () => {
    expect(
      callOf({ ...chat, 'gen_ai.usage.input_tokens': 9, 'gen_ai.usage.secret': 3, 'ai.usage.inputTokens': 9 })
        .rawUsage,
    ).toEqual({ 'gen_ai.usage.input_tokens': 9, 'ai.usage.inputTokens': 9 });
  });

  test('whatever is reported, no token is in two buckets', () => {
    const counted = fc.option(fc.integer({ min: 0, max: 10_000 }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.tuple(counted, counted, counted, counted, counted),
        ([input, cached, written, output, reasoning]) => {
          const usage: TokenUsage =
            usageOf({
              'gen_ai.usage.input_tokens': input,
              'gen_ai.usage.cache_read.input_tokens': cached,
              'gen_ai.usage.cache_creation.input_tokens': written,
              'gen_ai.usage.output_tokens': output,
              'gen_ai.usage.reasoning.output_tokens': reasoning,
            }) ?? {};
          const parts = (cached ?? 0) + (written ?? 0);
          const whole = input === undefined ? parts : parts > input ? input + parts : input;
          expect(promptTokens(usage) ?? 0).toBe(whole);
          const thought = reasoning ?? 0;
          const wrote = output === undefined ? thought : thought > output ? output + thought : output;
          expect(completionTokens(usage) ?? 0).toBe(wrote);
        },
      ),
    );
  });
});
