import { type Answer, countOf, fieldsOf } from '../../observe/read-value.ts';
import { type Buckets, readingOf, type UsageReading } from '../../observe/usage-reading.ts';

/** What a model run reported, in the places where LangChain's integrations put it. */
export interface ReportedUsage {
  /** `usage_metadata` of the message. */
  readonly metadata: Answer;
  /** The provider's own report, where the integration keeps it. */
  readonly raw: Answer;
  /** `llmOutput.tokenUsage`, which older integrations and text completions give. */
  readonly legacy: Answer;
}

/**
 * Converts LangChain's counts to buckets that never overlap. Its input count includes what was read from and written to
 * the cache, and its output count includes reasoning, unless its total tells that an integration counts them beside.
 *
 * @example
 * readUsage({ metadata: { input_tokens: 20, output_tokens: 7, input_token_details: { cache_read: 4 } }, raw: {}, legacy: {} });
 * // usage: { input: 16, cacheRead: 4, output: 7 }
 */
export function readUsage({ metadata, raw, legacy }: ReportedUsage): UsageReading | undefined {
  const inputDetails = fieldsOf(metadata['input_token_details']);
  const outputDetails = fieldsOf(metadata['output_token_details']);
  const lifetimes = fieldsOf(raw['cache_creation']);
  const counts = {
    // A reported zero is lost on the way in some integrations; the provider's own report still has it.
    input: countOf(
      metadata['input_tokens'] ?? legacy['promptTokens'] ?? raw['prompt_tokens'] ?? raw['input_tokens'],
    ),
    output: countOf(
      metadata['output_tokens'] ??
        legacy['completionTokens'] ??
        raw['completion_tokens'] ??
        raw['output_tokens'],
    ),
    total: countOf(metadata['total_tokens'] ?? legacy['totalTokens']),
    'input.cache_read': countOf(inputDetails['cache_read']),
    'input.cache_creation': countOf(inputDetails['cache_creation']),
    'input.cache_creation_5m': countOf(
      inputDetails['ephemeral_5m_input_tokens'] ?? lifetimes['ephemeral_5m_input_tokens'],
    ),
    'input.cache_creation_1h': countOf(
      inputDetails['ephemeral_1h_input_tokens'] ?? lifetimes['ephemeral_1h_input_tokens'],
    ),
    'input.audio': countOf(inputDetails['audio']),
    'output.reasoning': countOf(outputDetails['reasoning']),
    'output.audio': countOf(outputDetails['audio']),
    'output.image': countOf(outputDetails['image']),
    web_searches: countOf(fieldsOf(raw['server_tool_use'])['web_search_requests']),
  };
  const { input, output, total = 0 } = counts;
  // Where a provider reported nothing, some integrations fill in zeros. No model reads nothing.
  if (input === 0 && output === 0 && !Object.values(raw).some((count) => typeof count === 'number'))
    return undefined;
  const { 'input.cache_read': cacheRead, 'input.audio': audio, 'output.reasoning': reasoning } = counts;
  const { 'input.cache_creation_5m': written5m, 'input.cache_creation_1h': written1h } = counts;
  const staged = (written5m ?? 0) + (written1h ?? 0);
  const cacheWrite = counts['input.cache_creation'] ?? (staged || undefined);
  const usage: Buckets = {};
  if (input !== undefined) {
    const cached = (cacheRead ?? 0) + (cacheWrite ?? 0);
    const beside =
      cached > input ||
      (cached > 0 &&
        (total === input + (output ?? 0) + cached ||
          (raw['input_tokens'] === input && 'cache_read_input_tokens' in raw)));
    const fresh = beside ? input : input - cached;
    // Sound beyond what was fresh was read from the cache.
    const audioRead = Math.min(Math.max(0, (audio ?? 0) - fresh), cacheRead ?? 0);
    usage.input = Math.max(0, fresh - (audio ?? 0));
    usage.cacheRead = cacheRead && cacheRead - audioRead;
    usage.cacheWrite = staged ? Math.max(0, (cacheWrite ?? 0) - staged) || undefined : cacheWrite;
    if (staged) Object.assign(usage, { cacheWrite5m: written5m, cacheWrite1h: written1h });
    usage.inputAudio = audio && audio - audioRead;
    usage.cacheReadAudio = audioRead || undefined;
  }
  if (output !== undefined) {
    const { 'output.audio': outputAudio, 'output.image': outputImage } = counts;
    const beside = !!reasoning && (reasoning > output || total === (input ?? 0) + output + reasoning);
    const text = output - (beside ? 0 : (reasoning ?? 0)) - (outputAudio ?? 0) - (outputImage ?? 0);
    Object.assign(usage, { output: Math.max(0, text), reasoning, outputAudio, outputImage });
  }
  if (counts.web_searches !== undefined) usage.webSearches = counts.web_searches;
  return Object.keys(usage).length ? readingOf(usage, counts) : undefined;
}
