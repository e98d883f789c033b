import type { TokenUsage } from '@tallykit/protocol';
import { type Answer, countOf, fieldsOf, listOf } from '../../observe/read-value.ts';
import { keepCounts, type RawCounts } from '../../observe/usage-reading.ts';

/** The counts that are kept as they came: each under its group. */
const knownCounts =
  /^((input|output|cache_(creation|read)_input)_tokens|ephemeral_(5m|1h)_input_tokens|thinking_tokens|web_(search|fetch)_requests)$/;

/** Iterations that are billed beside the totals of a message, at the rates of the same model. */
const compactions = ({ iterations }: Answer): Answer[] =>
  listOf(iterations).filter(({ type }) => type === 'compaction');

/**
 * Takes over what one report of usage says; what it does not say stays. In a stream the first report tells the input,
 * and each later one restates what it knows of the whole.
 */
export function mergeCounts(raw: RawCounts, reported: unknown): void {
  const parts = fieldsOf(reported);
  keepCounts(raw, parts, knownCounts);
  for (const group of ['cache_creation', 'output_tokens_details', 'server_tool_use'])
    keepCounts(raw, parts[group], knownCounts, `${group}.`);
  for (const name of ['input', 'output', 'cache_creation_input', 'cache_read_input']) {
    const key = `${name}_tokens`;
    const sum = compactions(parts).reduce((total, one) => total + (countOf(one[key]) ?? 0), 0);
    if (sum && countOf(sum)) raw[`compaction.${key}`] = sum;
  }
}

/**
 * Converts Anthropic's counts, which are beside each other already, to buckets. Writes to the cache go by their lifetime
 * where it was told. Thinking is part of the output and leaves it only where its share was told. What a compaction used
 * is billed on top of the totals. What was not reported stays absent.
 *
 * @example
 * usageOf({ input_tokens: 16, cache_read_input_tokens: 4, output_tokens: 7 });
 * // { input: 16, cacheRead: 4, output: 7 }
 */
export function usageOf(raw: RawCounts): TokenUsage | undefined {
  const withCompactions = (key: string): number | undefined => {
    const [total, extra] = [raw[key], raw[`compaction.${key}`]];
    return total === undefined && extra === undefined ? undefined : (total ?? 0) + (extra ?? 0);
  };
  const {
    'cache_creation.ephemeral_5m_input_tokens': short,
    'cache_creation.ephemeral_1h_input_tokens': long,
    'output_tokens_details.thinking_tokens': thinking,
    'server_tool_use.web_search_requests': webSearches,
  } = raw;
  const written = withCompactions('cache_creation_input_tokens');
  const byLifetime = short !== undefined || long !== undefined;
  // What has no lifetime, of a compaction for example, stands beside what has one.
  const rest = written === undefined ? 0 : Math.max(0, written - (short ?? 0) - (long ?? 0));
  const output = withCompactions('output_tokens');
  const usage: TokenUsage = {
    input: withCompactions('input_tokens'),
    cacheRead: withCompactions('cache_read_input_tokens'),
    cacheWrite: byLifetime ? rest || undefined : written,
    cacheWrite5m: short,
    cacheWrite1h: long,
    output: output === undefined ? undefined : Math.max(0, output - (thinking ?? 0)),
    reasoning: output === undefined ? undefined : thinking && Math.min(thinking, output),
    webSearches,
  };
  return Object.values(usage).some((count) => count !== undefined) ? usage : undefined;
}
