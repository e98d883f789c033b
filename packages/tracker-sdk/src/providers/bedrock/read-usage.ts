import type { TokenUsage } from '@tallykit/protocol';

/** Counts of one call in our buckets, and as the provider gave them. */
export interface UsageReading {
  readonly usage: TokenUsage;
  readonly rawUsage: Readonly<Record<string, number>>;
}

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

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

interface CacheDetail {
  readonly ttl?: unknown;
  readonly inputTokens?: unknown;
}

/** What was written to the cache for so long: Converse lists it, Claude names it. */
function writtenFor(lifetime: '5m' | '1h', parts: Readonly<Record<string, unknown>>): number | undefined {
  const { cacheDetails, cache_creation: created } = parts;
  const listed = Array.isArray(cacheDetails)
    ? (cacheDetails as readonly (CacheDetail | null)[]).find((detail) => detail?.ttl === lifetime)
        ?.inputTokens
    : undefined;
  const named = (created as Readonly<Record<string, unknown>> | null | undefined)?.[
    `ephemeral_${lifetime}_input_tokens`
  ];
  const count = listed ?? named;
  return isCount(count) ? count : undefined;
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
  const parts = { ...(reported as Readonly<Record<string, unknown>> | null | undefined) };
  const rawUsage: Record<string, number> = {};
  const told: Partial<Record<'input' | 'output' | 'cacheRead' | 'cacheWrite' | 'prompt' | 'total', number>> =
    {};
  const cached = (parts['prompt_tokens_details'] as typeof parts | null | undefined)?.['cached_tokens'];
  for (const [name, count] of Object.entries({ ...parts, cached_tokens: cached })) {
    const meaning = Object.hasOwn(meanings, name) ? meanings[name] : undefined;
    if (!meaning || !isCount(count)) continue;
    rawUsage[name] = count;
    told[meaning] ??= count;
  }
  const written5m = writtenFor('5m', parts);
  const written1h = writtenFor('1h', parts);
  if (written5m !== undefined) rawUsage['cache_write_5m'] = written5m;
  if (written1h !== undefined) rawUsage['cache_write_1h'] = written1h;
  if (!Object.keys(rawUsage).length) return undefined;

  const { prompt, cacheRead, cacheWrite, output } = told;
  const input = told.input ?? (prompt === undefined ? undefined : Math.max(0, prompt - (cacheRead ?? 0)));
  const dated = (written5m ?? 0) + (written1h ?? 0);
  // A lifetime that is told explains all, or a part, of what was written.
  const undated = cacheWrite !== undefined && dated ? cacheWrite - dated || undefined : cacheWrite;
  const usage: { -readonly [Bucket in keyof TokenUsage]: TokenUsage[Bucket] } = {};
  if (input !== undefined) usage.input = input;
  if (cacheRead !== undefined) usage.cacheRead = cacheRead;
  if (undated !== undefined && undated >= 0) usage.cacheWrite = undated;
  if (dated && written5m !== undefined) usage.cacheWrite5m = written5m;
  if (dated && written1h !== undefined) usage.cacheWrite1h = written1h;
  if (output !== undefined) usage.output = output;
  return { usage, rawUsage };
}

const header = (name: string): string => `x-amzn-bedrock-${name}-token-count`;

/** The counts in the headers of an answer: Bedrock puts them there for every model that is invoked. */
export function readHeaderUsage(headers: unknown): UsageReading | undefined {
  const given = (headers ?? {}) as Readonly<Record<string, unknown>>;
  const count = (name: string): number | undefined => {
    const text = given[header(name)];
    return typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : undefined;
  };
  return readUsage({
    inputTokenCount: count('input'),
    outputTokenCount: count('output'),
    cacheReadInputTokenCount: count('cache-read-input'),
    cacheWriteInputTokenCount: count('cache-write-input'),
  });
}
