import { placeIn } from '../../observe/install.ts';
import { countOf, fieldsOf } from '../../observe/read-value.ts';
import { type Buckets, type RawCounts, type UsageReading } from '../../observe/usage-reading.ts';

/** What is kept of a report, by the SDK's name and by the API's, which the SDK leaves as it is where it is new. */
const keptCounts: Readonly<Record<string, readonly string[]>> = {
  promptTokens: ['promptTokens'],
  completionTokens: ['completionTokens'],
  totalTokens: ['totalTokens'],
  promptAudioSeconds: ['promptAudioSeconds'],
  connectorTokens: ['connectorTokens'],
  cachedTokens: [
    'promptTokensDetails.cachedTokens',
    'prompt_tokens_details.cached_tokens',
    'promptTokenDetails.cachedTokens',
    'prompt_token_details.cached_tokens',
    'numCachedTokens',
    'num_cached_tokens',
  ],
  audioTokens: ['promptTokensDetails.audioTokens', 'prompt_tokens_details.audio_tokens'],
  reasoningTokens: ['completionTokensDetails.reasoningTokens', 'completion_tokens_details.reasoning_tokens'],
  webSearches: ['connectors.web_search'],
  premiumWebSearches: ['connectors.web_search_premium'],
  imageGenerations: ['connectors.image_generation'],
};

/**
 * Converts Mistral's counts to buckets that never overlap. The prompt count includes what was cached and heard, the
 * completion count includes reasoning; what connectors read counts as prompt unless the total says that it is there
 * already. The SDK writes 0 for a count that the service left out, so a report of nothing but zeros is none.
 *
 * @example
 * readUsage({ promptTokens: 20, completionTokens: 7, totalTokens: 27, promptTokensDetails: { cachedTokens: 4 } });
 * // usage: { input: 16, cacheRead: 4, output: 7 }
 */
export function readUsage(reported: unknown, byDuration = false): UsageReading | undefined {
  // The first major version of the SDK keeps what it does not know apart.
  const { additionalProperties, ...known } = fieldsOf(reported);
  const report = { ...fieldsOf(additionalProperties), ...known };
  const rawUsage: RawCounts = {};
  for (const [name, paths] of Object.entries(keptCounts)) {
    const count = paths
      .map((path) => countOf(placeIn(report, path.split('.'))))
      .find((found) => found !== undefined);
    if (count !== undefined) rawUsage[name] = count;
  }
  if (!Object.values(rawUsage).some(Boolean)) return undefined;
  const {
    promptTokens: prompt,
    completionTokens: completion,
    totalTokens: total,
    promptAudioSeconds: seconds,
    connectorTokens: connected = 0,
    cachedTokens: cached,
    audioTokens: audio,
    reasoningTokens: reasoning,
    webSearches,
    premiumWebSearches,
    imageGenerations: imagesGenerated,
  } = rawUsage;
  // Transcriptions are billed by their length; their tokens are only said beside it.
  if (byDuration && seconds) return { usage: { seconds }, rawUsage };
  const usage: Buckets = {};
  if (prompt !== undefined) {
    const within = total !== undefined && total === prompt + (completion ?? 0);
    const read = prompt + (within ? 0 : connected);
    const fresh = (cached ?? 0) > read ? read : read - (cached ?? 0);
    usage.inputAudio = audio && Math.min(audio, fresh);
    usage.input = fresh - (usage.inputAudio ?? 0);
    usage.cacheRead = cached;
  }
  if (completion !== undefined) {
    usage.reasoning = reasoning && Math.min(reasoning, completion);
    usage.output = completion - (usage.reasoning ?? 0);
  }
  if (seconds) usage.seconds = seconds;
  if (webSearches ?? premiumWebSearches) usage.webSearches = (webSearches ?? 0) + (premiumWebSearches ?? 0);
  if (imagesGenerated) usage.imagesGenerated = imagesGenerated;
  return { usage, rawUsage };
}
