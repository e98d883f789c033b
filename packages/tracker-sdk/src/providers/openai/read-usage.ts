import type { TokenUsage } from '@tallykit/protocol';

/** Counts of one call in our buckets, and as the provider gave them. */
export interface UsageReading {
  readonly usage: TokenUsage;
  readonly rawUsage: Readonly<Record<string, number>>;
}

type Counts = Readonly<Record<string, unknown>>;

function countOf(counts: Counts | undefined, key: string): number | undefined {
  const value = counts?.[key];
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

const rawTopKeys = ['prompt_tokens', 'input_tokens', 'completion_tokens', 'output_tokens', 'total_tokens'];
const rawInputKeys = ['cached_tokens', 'cache_write_tokens', 'audio_tokens', 'image_tokens'];
const rawOutputKeys = [
  'reasoning_tokens',
  'audio_tokens',
  'image_tokens',
  'accepted_prediction_tokens',
  'rejected_prediction_tokens',
];

/**
 * Converts OpenAI's inclusive counts to buckets that never overlap. The prompt count includes what was cached,
 * written to the cache, heard and seen; the completion count includes reasoning and speech. Chat completions,
 * responses and embeddings differ only in the names. What was not reported stays absent.
 *
 * @example
 * readUsage({ prompt_tokens: 20, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 4 } });
 * // usage: { input: 16, cacheRead: 4, output: 7 }
 */
export function readUsage(reported: unknown): UsageReading | undefined {
  if (typeof reported !== 'object' || reported === null) return undefined;
  const counts = reported as Counts;
  const inputDetails = (counts['prompt_tokens_details'] ?? counts['input_tokens_details']) as
    Counts | undefined;
  const outputDetails = (counts['completion_tokens_details'] ?? counts['output_tokens_details']) as
    Counts | undefined;
  const usage: { -readonly [Bucket in keyof TokenUsage]: TokenUsage[Bucket] } = {};
  const prompt = countOf(counts, 'prompt_tokens') ?? countOf(counts, 'input_tokens');
  const completion = countOf(counts, 'completion_tokens') ?? countOf(counts, 'output_tokens');
  if (prompt !== undefined) readInput(usage, prompt, inputDetails);
  if (completion !== undefined) {
    readOutput(usage, completion, outputDetails, (countOf(counts, 'total_tokens') ?? 0) - (prompt ?? 0));
  }

  const rawUsage: Record<string, number> = {};
  const keep = (keys: readonly string[], from: Counts | undefined, prefix: string): void => {
    for (const key of keys) {
      const count = countOf(from, key);
      if (count !== undefined) rawUsage[prefix + key] = count;
    }
  };
  keep(rawTopKeys, counts, '');
  keep(rawInputKeys, inputDetails, 'input.');
  keep(rawOutputKeys, outputDetails, 'output.');
  return Object.keys(rawUsage).length > 0 ? { usage, rawUsage } : undefined;
}

type Buckets = { -readonly [Bucket in keyof TokenUsage]: TokenUsage[Bucket] };

function readInput(usage: Buckets, prompt: number, details: Counts | undefined): void {
  const cached = countOf(details, 'cached_tokens');
  const written = countOf(details, 'cache_write_tokens');
  const audio = countOf(details, 'audio_tokens');
  const image = countOf(details, 'image_tokens');
  const fromCache = (cached ?? 0) + (written ?? 0);
  // More cached than there was prompt: this host counts the cache beside the prompt, not in it.
  const fresh = fromCache > prompt ? prompt : prompt - fromCache;
  // Sound and pictures beyond what was fresh were read from the cache, where only sound has a bucket of its own.
  const unseen = Math.max(0, (audio ?? 0) + (image ?? 0) - fresh);
  const cachedAudio = Math.min(unseen, audio ?? 0, cached ?? 0);
  const cachedImage = Math.min(unseen - cachedAudio, image ?? 0);
  const freshAudio = (audio ?? 0) - cachedAudio;
  const freshImage = (image ?? 0) - cachedImage;
  usage.input = Math.max(0, fresh - freshAudio - freshImage);
  if (cached !== undefined) usage.cacheRead = cached - cachedAudio;
  if (written !== undefined) usage.cacheWrite = written;
  if (audio !== undefined) usage.inputAudio = freshAudio;
  if (cachedAudio > 0) usage.cacheReadAudio = cachedAudio;
  if (image !== undefined) usage.inputImage = freshImage;
}

function readOutput(
  usage: Buckets,
  completion: number,
  details: Counts | undefined,
  allOutput: number,
): void {
  const reasoning = countOf(details, 'reasoning_tokens');
  const audio = countOf(details, 'audio_tokens');
  const image = countOf(details, 'image_tokens');
  // Some hosts leave reasoning out of the completion count; their total then gives it away.
  const beside = reasoning !== undefined && reasoning > 0 && allOutput === completion + reasoning;
  const within = (beside ? 0 : (reasoning ?? 0)) + (audio ?? 0) + (image ?? 0);
  usage.output = Math.max(0, completion - within);
  if (reasoning !== undefined) usage.reasoning = reasoning;
  if (audio !== undefined) usage.outputAudio = audio;
  if (image !== undefined) usage.outputImage = image;
}
