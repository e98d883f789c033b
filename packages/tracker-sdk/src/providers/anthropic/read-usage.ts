import type { TokenUsage } from '@tallykit/protocol';

/** Counts as Anthropic gave them, under names from a list. */
export type RawCounts = Record<string, number>;

type Parts = Readonly<Record<string, unknown>>;

/** The counts that are kept as they came: at most 16 of them, each under its group. */
const knownCounts =
  /^((input|output|cache_(creation|read)_input)_tokens|cache_creation\.ephemeral_(5m|1h)_input_tokens|output_tokens_details\.thinking_tokens|server_tool_use\.web_(search|fetch)_requests)$/;

/** Whether the server takes it as a count. */
const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= 1e12;

function keepCounts(raw: RawCounts, part: unknown, prefix: string): void {
  for (const [name, count] of Object.entries((part ?? {}) as Parts)) {
    const key = prefix + name;
    if (typeof count === 'object' && !prefix) keepCounts(raw, count, `${name}.`);
    else if (knownCounts.test(key) && isCount(count)) raw[key] = count;
  }
}

/** Iterations that are billed beside the totals of a message, at the rates of the same model. */
function compactions({ iterations }: Parts): Parts[] {
  return Array.isArray(iterations) ? iterations.filter((one: Parts) => one?.['type'] === 'compaction') : [];
}

/**
 * Takes over what one report of usage says; what it does not say stays. In a stream the first report tells the input,
 * and each later one restates what it knows of the whole.
 */
export function mergeCounts(raw: RawCounts, reported: unknown): void {
  const parts = (reported ?? {}) as Parts;
  keepCounts(raw, parts, '');
  for (const name of ['input', 'output', 'cache_creation_input', 'cache_read_input']) {
    const key = `${name}_tokens`;
    const counts = compactions(parts).map((one) => one[key]);
    const sum = counts.filter(isCount).reduce((total, count) => total + count, 0);
    if (sum > 0 && isCount(sum)) raw[`compaction.${key}`] = sum;
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
