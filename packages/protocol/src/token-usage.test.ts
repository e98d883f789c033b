import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  completionTokens,
  countedBuckets,
  inputBuckets,
  outputBuckets,
  promptTokens,
  tokenUsageSchema,
  totalTokens,
  usageBuckets,
} from './token-usage.ts';

describe('token sums', () => {
  test('prompt holds every input and cache bucket, completion every output bucket', () => {
    const usage = {
      input: 1,
      cacheRead: 2,
      cacheWrite5m: 4,
      inputAudio: 8,
      output: 16,
      reasoning: 32,
      outputAudio: 64,
      webSearches: 128,
    };
    expect([promptTokens(usage), completionTokens(usage), totalTokens(usage)]).toEqual([15, 112, 127]);
  });

  test('nothing reported is null and a reported zero is zero', () => {
    expect([
      promptTokens({}),
      completionTokens({}),
      totalTokens(undefined),
      totalTokens({ webSearches: 3 }),
    ]).toEqual([null, null, null, null]);
    expect([promptTokens({ input: 0 }), completionTokens({ input: 0 }), totalTokens({ input: 0 })]).toEqual([
      0,
      null,
      0,
    ]);
  });

  test('total is prompt plus completion for any usage', () => {
    const count = fc.option(fc.nat(1e9), { nil: undefined });
    fc.assert(
      fc.property(fc.record(Object.fromEntries(usageBuckets.map((bucket) => [bucket, count]))), (usage) => {
        const prompt = promptTokens(usage);
        const completion = completionTokens(usage);
        expect(totalTokens(usage)).toBe(
          prompt === null && completion === null ? null : (prompt ?? 0) + (completion ?? 0),
        );
      }),
    );
  });

  test('every bucket belongs to exactly one group and the schema knows each', () => {
    expect([...inputBuckets, ...outputBuckets, ...countedBuckets].toSorted()).toEqual(
      [...usageBuckets].toSorted(),
    );
    expect(new Set(usageBuckets).size).toBe(usageBuckets.length);
    const full = Object.fromEntries(usageBuckets.map((bucket) => [bucket, 1]));
    expect(tokenUsageSchema.parse(full)).toEqual(full);
  });
});
