import type { TokenUsage } from '@tallykit/protocol';

/** Counts of one call in our buckets, and as the provider gave them. */
export interface UsageReading {
  readonly usage: TokenUsage;
  readonly rawUsage: Readonly<Record<string, number>>;
}

/** The counts that are kept as they came. */
const knownCounts =
  /^(prompt|input|completion|output|total|cached|cache_write|audio|image|text|reasoning|(accepted|rejected)_prediction)_tokens$/;

/** An event has room for so many; hosts that tell more of them are told by the first ones. */
const mostCounts = 16;

/** Keeps the known counts of one part of a report that are whole numbers. */
function keepCounts(raw: Record<string, number>, part: unknown, prefix: string): void {
  for (const [name, count] of Object.entries(part ?? {})) {
    const known = knownCounts.test(name) && Number.isSafeInteger(count) && count >= 0;
    if (known && Object.keys(raw).length < mostCounts) raw[prefix + name] = count as number;
  }
}

/**
 * Converts OpenAI's inclusive counts to buckets that never overlap. The prompt count includes what was cached,
 * written to the cache and heard; the completion count includes reasoning and speech. Chat completions, responses,
 * embeddings and transcriptions differ only in the names. What was not reported stays absent. Tokens of pictures stay in `input`,
 * because these models bill them as such.
 *
 * @example
 * readUsage({ prompt_tokens: 20, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 4 } });
 * // usage: { input: 16, cacheRead: 4, output: 7 }
 */
export function readUsage(reported: unknown): UsageReading | undefined {
  const parts = (reported ?? {}) as Readonly<Record<string, unknown>>;
  const rawUsage: Record<string, number> = {};
  keepCounts(rawUsage, reported, '');
  /** Transcriptions and realtime sessions say `input_token_details`. */
  const detailsOf = (...names: string[]): unknown => names.map((name) => parts[name]).find(Boolean);
  const read = detailsOf('prompt_tokens_details', 'input_tokens_details', 'input_token_details');
  keepCounts(rawUsage, read, 'input.');
  keepCounts(rawUsage, (read as typeof parts | undefined)?.['cached_tokens_details'], 'cached.');
  keepCounts(
    rawUsage,
    detailsOf('completion_tokens_details', 'output_tokens_details', 'output_token_details'),
    'output.',
  );
  const {
    input_tokens: input,
    prompt_tokens: prompt = input,
    output_tokens: output,
    completion_tokens: completion = output,
    total_tokens: total = 0,
    'input.cached_tokens': cached,
    'input.cache_write_tokens': cacheWrite,
    'input.audio_tokens': audio,
    'cached.audio_tokens': heardBefore,
    'output.reasoning_tokens': reasoning,
    'output.audio_tokens': outputAudio,
  } = rawUsage;
  const usage: { -readonly [Bucket in keyof TokenUsage]: TokenUsage[Bucket] } = {};
  if (prompt !== undefined) {
    const fromCache = (cached ?? 0) + (cacheWrite ?? 0);
    // More cached than there was prompt: this host counts the cache beside the prompt, not in it.
    const fresh = fromCache > prompt ? prompt : prompt - fromCache;
    // Sound beyond what was fresh was read from the cache, also where nothing says so.
    const beyond = Math.max(0, (audio ?? 0) - fresh);
    const cachedAudio = Math.min(Math.max(heardBefore ?? 0, beyond), audio ?? 0, cached ?? beyond);
    usage.input = Math.max(0, fresh - (audio ?? 0) + cachedAudio);
    usage.cacheRead = cached && cached - cachedAudio;
    usage.cacheWrite = cacheWrite;
    usage.inputAudio = audio && audio - cachedAudio;
    usage.cacheReadAudio = cachedAudio || undefined;
  }
  if (completion !== undefined) {
    // Some hosts leave reasoning out of the completion count; their total then gives it away.
    const beside = total === (prompt ?? 0) + completion + (reasoning ?? 0);
    usage.output = Math.max(0, completion - (beside ? 0 : (reasoning ?? 0)) - (outputAudio ?? 0));
    usage.reasoning = reasoning;
    usage.outputAudio = outputAudio;
  }
  return Object.keys(rawUsage).length ? { usage, rawUsage } : undefined;
}
