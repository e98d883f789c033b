import { headersOf } from '../../observe/read-headers.ts';
import { countOf, fieldsOf, listOf, type Answer } from '../../observe/read-value.ts';
import { type RawCounts, type UsageReading } from '../../observe/usage-reading.ts';

/** What each family of models calls its counts. A count that is not in here is not kept. */
const meanings: Readonly<
  Record<string, 'input' | 'output' | 'cacheRead' | 'cacheWrite' | 'prompt' | 'total'>
> = {
  inputTokens: 'input',
  input_tokens: 'input',
  inputTokenCount: 'input',
  inputTextTokenCount: 'input',
  prompt_token_count: 'input',
  prompt_tokens: 'prompt',
  outputTokens: 'output',
  output_tokens: 'output',
  outputTokenCount: 'output',
  completion_tokens: 'output',
  generation_token_count: 'output',
  cacheReadInputTokens: 'cacheRead',
  cacheReadInputTokenCount: 'cacheRead',
  cache_read_input_tokens: 'cacheRead',
  cached_tokens: 'cacheRead',
  cacheWriteInputTokens: 'cacheWrite',
  cacheWriteInputTokenCount: 'cacheWrite',
  cache_creation_input_tokens: 'cacheWrite',
  totalTokens: 'total',
  total_tokens: 'total',
};

/** What was written to the cache for so long: Converse lists it, Claude names it. */
function writtenFor(
  lifetime: '5m' | '1h',
  { cacheDetails, cache_creation: created }: Answer,
): number | undefined {
  const listed = listOf(cacheDetails).find(({ ttl }) => ttl === lifetime)?.['inputTokens'];
  return countOf(listed ?? fieldsOf(created)[`ephemeral_${lifetime}_input_tokens`]);
}

/**
 * Converts the counts of any model on Bedrock to buckets that never overlap. Bedrock counts input beside the cache: what
 * was read from it or written to it is not part of the input. Only models that speak OpenAI's dialect (`prompt_tokens`)
 * include it. What was not reported stays absent.
 *
 * @example
 * readUsage({ inputTokens: 16, outputTokens: 7, totalTokens: 27, cacheReadInputTokens: 4 });
 * // usage: { input: 16, cacheRead: 4, output: 7 }
 */
export function readUsage(reported: unknown): UsageReading | undefined {
  const parts = fieldsOf(reported);
  const rawUsage: RawCounts = {};
  const told: Partial<Record<(typeof meanings)[string], number>> = {};
  const { cached_tokens } = fieldsOf(parts['prompt_tokens_details']);
  for (const [name, value] of Object.entries({ ...parts, cached_tokens })) {
    const meaning = Object.hasOwn(meanings, name) ? meanings[name] : undefined;
    const count = countOf(value);
    if (!meaning || count === undefined) continue;
    rawUsage[name] = count;
    told[meaning] ??= count;
  }
  const cacheWrite5m = writtenFor('5m', parts);
  const cacheWrite1h = writtenFor('1h', parts);
  if (cacheWrite5m !== undefined) rawUsage['cache_write_5m'] = cacheWrite5m;
  if (cacheWrite1h !== undefined) rawUsage['cache_write_1h'] = cacheWrite1h;
  if (!Object.keys(rawUsage).length) return undefined;

  const { prompt, cacheRead, cacheWrite, output } = told;
  const input = told.input ?? (prompt === undefined ? undefined : Math.max(0, prompt - (cacheRead ?? 0)));
  const dated = (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0);
  // A lifetime that is told explains all, or a part, of what was written.
  const undated =
    dated && cacheWrite !== undefined ? Math.max(0, cacheWrite - dated) || undefined : cacheWrite;
  const lifetimes = dated ? { cacheWrite5m, cacheWrite1h } : {};
  return { usage: { input, cacheRead, cacheWrite: undated, ...lifetimes, output }, rawUsage };
}

/** The counts in the headers of an answer: Bedrock puts them there for every model that is invoked. */
export function readHeaderUsage(headers: unknown): UsageReading | undefined {
  const header = headersOf(headers);
  const count = (name: string): number | undefined => {
    const text = header(`x-amzn-bedrock-${name}-token-count`);
    return text && /^\d+$/.test(text) ? Number(text) : undefined;
  };
  return readUsage({
    inputTokenCount: count('input'),
    outputTokenCount: count('output'),
    cacheReadInputTokenCount: count('cache-read-input'),
    cacheWriteInputTokenCount: count('cache-write-input'),
  });
}
