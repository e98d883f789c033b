import * as z from 'zod/mini';
import { countSchema } from './text.ts';

/** Buckets that the model read. They never overlap: `input` holds no cached, audio or image tokens. */
export const inputBuckets = [
  'input',
  'cacheRead',
  'cacheWrite',
  'cacheWrite5m',
  'cacheWrite1h',
  'inputAudio',
  'cacheReadAudio',
  'inputImage',
] as const;

/** Buckets that the model wrote. `output` holds no reasoning, audio or image tokens. */
export const outputBuckets = ['output', 'reasoning', 'outputAudio', 'outputImage'] as const;

/** Things that are counted and priced but are not tokens. */
export const countedBuckets = ['webSearches', 'imagesGenerated', 'characters', 'seconds'] as const;

/** Every bucket, in the order in which they are stored and shown. The list is closed. */
export const usageBuckets = [...inputBuckets, ...outputBuckets, ...countedBuckets] as const;

/** Name of one usage bucket. */
export type UsageBucket = (typeof usageBuckets)[number];

/**
 * What one call used. Buckets are mutually exclusive, so their sum is the whole.
 * An absent bucket was not reported; 0 was reported as none.
 *
 * @example
 * const usage: TokenUsage = { input: 900, cacheRead: 300, output: 120 };
 */
export type TokenUsage = { readonly [bucket in UsageBucket]?: number | undefined };

/**
 * The most that one bucket of an event may hold: a million million. It is far beyond what a call can use, and keeps totals of
 * thousands of such calls exact.
 */
export const maxEventBucket = 1_000_000_000_000;

function everyBucket<Schema>(schema: Schema): Record<UsageBucket, Schema> {
  return {
    input: schema,
    cacheRead: schema,
    cacheWrite: schema,
    cacheWrite5m: schema,
    cacheWrite1h: schema,
    inputAudio: schema,
    cacheReadAudio: schema,
    inputImage: schema,
    output: schema,
    reasoning: schema,
    outputAudio: schema,
    outputImage: schema,
    webSearches: schema,
    imagesGenerated: schema,
    characters: schema,
    seconds: schema,
  };
}

/** Checks a {@link TokenUsage}; an unknown bucket is refused by name. */
export const tokenUsageSchema = z.strictObject(everyBucket(z.optional(countSchema)));

/** Checks the {@link TokenUsage} of one event: no bucket holds more than {@link maxEventBucket}. */
export const eventTokenUsageSchema = z.strictObject(
  everyBucket(z.optional(z.int().check(z.gte(0), z.lte(maxEventBucket)))),
);

function sumOf(usage: TokenUsage | undefined, buckets: readonly UsageBucket[]): number | null {
  let sum: number | null = null;
  for (const bucket of buckets) {
    const count = usage?.[bucket];
    if (count !== undefined) sum = (sum ?? 0) + count;
  }
  return sum;
}

/**
 * Prompt tokens: all input and cache buckets. `null` when none was reported.
 *
 * @example
 * promptTokens({ input: 900, cacheRead: 300, output: 120 }); // 1200
 */
export function promptTokens(usage: TokenUsage | undefined): number | null {
  return sumOf(usage, inputBuckets);
}

/**
 * Completion tokens: output, reasoning and output modalities. `null` when none was reported.
 *
 * @example
 * completionTokens({ output: 120, reasoning: 64 }); // 184
 */
export function completionTokens(usage: TokenUsage | undefined): number | null {
  return sumOf(usage, outputBuckets);
}

/**
 * Total tokens: prompt plus completion, `null` when neither was reported. Counted tools are not tokens.
 *
 * @example
 * totalTokens({ webSearches: 2 }); // null
 */
export function totalTokens(usage: TokenUsage | undefined): number | null {
  return sumOf(usage, [...inputBuckets, ...outputBuckets]);
}
