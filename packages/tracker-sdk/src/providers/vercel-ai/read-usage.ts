import { type Answer, countOf, fieldsOf, listOf } from '../../observe/read-value.ts';
import { type Buckets, readingOf, type UsageReading } from '../../observe/usage-reading.ts';

type Counts = Record<string, number | undefined>;

/** The AI SDK's own counts, under the names of version 3 of its specification. */
function countsOf(reported: Answer): Counts {
  const { inputTokens: input, outputTokens: output } = reported;
  const nested = typeof input === 'object' || typeof output === 'object';
  const read = nested ? fieldsOf(input) : { total: input, cacheRead: reported['cachedInputTokens'] };
  const written = nested ? fieldsOf(output) : { total: output, reasoning: reported['reasoningTokens'] };
  const count = (part: Answer, name: string): number | undefined => countOf(part[name]);
  return {
    'input.total': count(read, 'total'),
    'input.noCache': count(read, 'noCache'),
    'input.cacheRead': count(read, 'cacheRead'),
    'input.cacheWrite': count(read, 'cacheWrite'),
    'output.total': count(written, 'total'),
    'output.text': count(written, 'text'),
    'output.reasoning': count(written, 'reasoning'),
    total: countOf(reported['totalTokens'] ?? fieldsOf(reported['raw'])['totalTokens']),
  };
}

/** Tokens of one modality, in the lists that Google's models report. */
const modality = (list: unknown, name: string): number | undefined =>
  countOf(listOf(list).find((part) => part['modality'] === name)?.['tokenCount']);

/** What the provider itself reported, as far as the AI SDK hands it on and its own counts leave it out. */
function detailsOf(raw: Answer): Counts {
  const written = fieldsOf(raw['cache_creation']);
  const input = fieldsOf(raw['prompt_tokens_details'] ?? raw['input_tokens_details']);
  const output = fieldsOf(raw['completion_tokens_details'] ?? raw['output_tokens_details']);
  const { promptTokensDetails, cacheTokensDetails, candidatesTokensDetails } = raw;
  return {
    cacheWrite5m: countOf(written['ephemeral_5m_input_tokens']),
    cacheWrite1h: countOf(written['ephemeral_1h_input_tokens']),
    webSearches: countOf(fieldsOf(raw['server_tool_use'])['web_search_requests']),
    inputAudio: countOf(input['audio_tokens']) ?? modality(promptTokensDetails, 'AUDIO'),
    cacheReadAudio: modality(cacheTokensDetails, 'AUDIO'),
    outputAudio: countOf(output['audio_tokens']) ?? modality(candidatesTokensDetails, 'AUDIO'),
    outputImage: modality(candidatesTokensDetails, 'IMAGE'),
    toolUsePrompt: countOf(raw['toolUsePromptTokenCount']),
  };
}

/** Whether a provider's own report names a count, under any of its names. */
function names(raw: Answer, pattern: RegExp): boolean {
  return Object.entries(raw).some(([key, value]) =>
    typeof value === 'number' ? pattern.test(key) : !Array.isArray(value) && names(fieldsOf(value), pattern),
  );
}

const promptName = /prompt|input/i;

const reads = /cache(?!.*(creat|writ))/i;
const reasons = /reason|thought|thinking/i;

/**
 * Providers whose input count of version 2 of the specification leaves out what was read from and written to the
 * cache. Later versions agree on counting it in.
 */
const countsCacheApart = /^(anthropic|bedrock)$/;

/**
 * Converts the AI SDK's counts to buckets that never overlap: the flat ones of version 2 of its specification, and the
 * nested ones of versions 3 and 4. `metadata` is what the provider added, by its name. A zero that the AI SDK puts where
 * the provider said nothing is left out, as far as the provider's own report tells.
 *
 * @example
 * readUsage({ inputTokens: { total: 20, noCache: 16, cacheRead: 4 }, outputTokens: { total: 7 } }, {});
 * // usage: { input: 16, cacheRead: 4, output: 7 }
 */
export function readUsage(reported: unknown, metadata: Answer): UsageReading | undefined {
  const counts = countsOf(fieldsOf(reported));
  const family = Object.keys(metadata).find((name) => countsCacheApart.test(name));
  const added = fieldsOf(metadata[family ?? '']);
  const google = fieldsOf(metadata['google'] ?? metadata['vertex']);
  const raw = fieldsOf(added['usage'] ?? google['usageMetadata'] ?? fieldsOf(reported)['raw']);
  const details = detailsOf(raw);
  const telling = names(raw, promptName);
  const told = (count: number | undefined, pattern: RegExp): number | undefined =>
    count === 0 && telling && !names(raw, pattern) ? undefined : count;

  const cacheRead = told(counts['input.cacheRead'], reads);
  const reasoning = told(counts['output.reasoning'], reasons);
  const cacheWrite = told(
    counts['input.cacheWrite'] ??
      countOf(added['cacheCreationInputTokens']) ??
      countOf(raw['cache_creation_input_tokens']) ??
      countOf(raw['cacheWriteInputTokens']),
    /creat|writ/i,
  );
  const { 'input.total': total, 'output.total': written, total: sum = 0 } = counts;
  const usage: Buckets = {};

  if (total !== undefined || counts['input.noCache'] !== undefined) {
    const cached = (cacheRead ?? 0) + (cacheWrite ?? 0);
    const apart = family !== undefined || cached > (total ?? 0);
    const fresh = counts['input.noCache'] ?? (total ?? 0) - (apart ? 0 : cached);
    // Where a total of Google's leaves out what tools put into the prompt, its own sum has it.
    const beside = raw['promptTokenCount'] === total ? (details['toolUsePrompt'] ?? 0) : 0;
    const audioRead = Math.min(details['cacheReadAudio'] ?? 0, cacheRead ?? 0);
    const audio = Math.min(Math.max(0, (details['inputAudio'] ?? 0) - audioRead), Math.max(0, fresh));
    const { cacheWrite5m, cacheWrite1h } = details;
    const staged = (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0);
    usage.input = Math.max(0, fresh - audio) + beside;
    usage.cacheRead = cacheRead && cacheRead - audioRead;
    usage.cacheWrite = staged && cacheWrite ? Math.max(0, cacheWrite - staged) || undefined : cacheWrite;
    if (staged) Object.assign(usage, { cacheWrite5m, cacheWrite1h });
    usage.inputAudio = details['inputAudio'] && audio;
    usage.cacheReadAudio = audioRead || undefined;
  }
  if (written !== undefined) {
    const { outputAudio, outputImage } = details;
    // Some providers leave reasoning out of the output count; their total, or the text's own count, gives it away.
    const apart = !!reasoning && sum === (total ?? 0) + written + reasoning;
    const text = Math.max(counts['output.text'] ?? 0, written - (apart ? 0 : (reasoning ?? 0)));
    usage.output = Math.max(0, text - (outputAudio ?? 0) - (outputImage ?? 0));
    Object.assign(usage, { reasoning, outputAudio, outputImage });
  }
  const { webSearchQueries } = fieldsOf(google['groundingMetadata']);
  const searches =
    details['webSearches'] ?? (Array.isArray(webSearchQueries) ? webSearchQueries.length : undefined);
  if (searches !== undefined) usage.webSearches = searches;

  return Object.keys(usage).length ? readingOf(usage, { ...counts, ...details }) : undefined;
}
