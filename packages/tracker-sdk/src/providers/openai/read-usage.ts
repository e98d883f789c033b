import { fieldsOf } from '../../observe/read-value.ts';
import { type Buckets, keepCounts, type RawCounts, type UsageReading } from '../../observe/usage-reading.ts';

/** The counts that are kept as they came. */
const knownCounts =
  /^(prompt|input|completion|output|total|cached|cache_write|audio|image|text|reasoning|(accepted|rejected)_prediction)_tokens$/;

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
  const parts = fieldsOf(reported);
  const rawUsage: RawCounts = {};
  const keep = (part: unknown, prefix: string): void => keepCounts(rawUsage, part, knownCounts, prefix);
  /** Transcriptions and realtime sessions say `input_token_details`. */
  const detailsOf = (...names: string[]): unknown => names.map((name) => parts[name]).find(Boolean);
  const read = detailsOf('prompt_tokens_details', 'input_tokens_details', 'input_token_details');
  keep(parts, '');
  keep(read, 'input.');
  keep(fieldsOf(read)['cached_tokens_details'], 'cached.');
  keep(detailsOf('completion_tokens_details', 'output_tokens_details', 'output_token_details'), 'output.');
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
  const usage: Buckets = {};
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
