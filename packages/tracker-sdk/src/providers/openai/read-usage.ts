import type { TokenUsage } from '@tallykit/protocol';

/** Counts of one call in our buckets, and as the provider gave them. */
export interface UsageReading {
  readonly usage: TokenUsage;
  readonly rawUsage: Readonly<Record<string, number>>;
}

type Counts = Readonly<Record<string, unknown>> | null | undefined;

/** The counts that are kept as they came, by their place and name. At most 13 of them occur together. */
const rawNames: readonly (readonly [prefix: string, names: readonly string[]])[] = [
  ['', ['prompt', 'input', 'completion', 'output', 'total']],
  ['input.', ['cached', 'cache_write', 'audio', 'image']],
  ['output.', ['reasoning', 'audio', 'image', 'accepted_prediction', 'rejected_prediction']],
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
  const counts = reported as Counts;
  const details = (side: string, other: string): Counts =>
    (counts?.[`${side}_tokens_details`] ?? counts?.[`${other}_tokens_details`]) as Counts;
  const places = [counts, details('prompt', 'input'), details('completion', 'output')];
  const raw: Record<string, number> = {};
  rawNames.forEach(([prefix, names], place) => {
    for (const name of names) {
      const count = places[place]?.[`${name}_tokens`];
      if (Number.isSafeInteger(count) && Number(count) >= 0) raw[`${prefix}${name}_tokens`] = Number(count);
    }
  });
  if (!Object.keys(raw).length) return undefined;
  const prompt = raw['prompt_tokens'] ?? raw['input_tokens'];
  const completion = raw['completion_tokens'] ?? raw['output_tokens'];
  return { usage: { ...readInput(raw, prompt), ...readOutput(raw, completion, prompt) }, rawUsage: raw };
}

function readInput(raw: UsageReading['rawUsage'], prompt: number | undefined): TokenUsage {
  if (prompt === undefined) return {};
  const {
    'input.cached_tokens': cached,
    'input.cache_write_tokens': written,
    'input.audio_tokens': audio,
    'input.image_tokens': image,
  } = raw;
  const fromCache = (cached ?? 0) + (written ?? 0);
  // More cached than there was prompt: this host counts the cache beside the prompt, not in it.
  const fresh = fromCache > prompt ? prompt : prompt - fromCache;
  // Sound and pictures beyond what was fresh were read from the cache, where only sound has a bucket of its own.
  const unseen = Math.max(0, (audio ?? 0) + (image ?? 0) - fresh);
  const cachedAudio = Math.min(unseen, audio ?? 0, cached ?? 0);
  const inputAudio = audio && audio - cachedAudio;
  const inputImage = image && image - Math.min(unseen - cachedAudio, image);
  return {
    input: Math.max(0, fresh - (inputAudio ?? 0) - (inputImage ?? 0)),
    cacheRead: cached && cached - cachedAudio,
    cacheWrite: written,
    inputAudio,
    cacheReadAudio: cachedAudio || undefined,
    inputImage,
  };
}

function readOutput(raw: UsageReading['rawUsage'], completion: number | undefined, prompt = 0): TokenUsage {
  if (completion === undefined) return {};
  const {
    'output.reasoning_tokens': reasoning,
    'output.audio_tokens': outputAudio,
    'output.image_tokens': outputImage,
    total_tokens: total = 0,
  } = raw;
  // Some hosts leave reasoning out of the completion count; their total then gives it away.
  const within = total === prompt + completion + (reasoning ?? 0) ? 0 : (reasoning ?? 0);
  return {
    output: Math.max(0, completion - within - (outputAudio ?? 0) - (outputImage ?? 0)),
    reasoning,
    outputAudio,
    outputImage,
  };
}
