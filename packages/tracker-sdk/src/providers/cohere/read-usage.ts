import { fieldsOf } from '../../observe/read-value.ts';
import { type Buckets, keepCounts, type RawCounts, type UsageReading } from '../../observe/usage-reading.ts';

/** The counts that are kept as they came: at most 10 of them. */
const knownCounts = /^(?:(?:input|output|image|cached)Tokens|searchUnits|classifications|images|pages)$/;

/**
 * Converts what Cohere reports to buckets that never overlap. Of its two counts the billed one fills them: what a prompt
 * template adds is in `tokens` and costs nothing. The part of the input that hit the cache is told apart. Searches of a
 * rerank, classifications and pages have no bucket: they stay in the raw counts. What was not reported stays absent.
 *
 * @example
 * readUsage({ billedUnits: { inputTokens: 20, outputTokens: 7 }, tokens: { inputTokens: 86, outputTokens: 9 } });
 * // usage: { input: 20, output: 7 }
 */
export function readUsage(reported: unknown): UsageReading | undefined {
  const { billedUnits, tokens, cachedTokens: fromCache } = fieldsOf(reported);
  const rawUsage: RawCounts = {};
  keepCounts(rawUsage, billedUnits, knownCounts, 'billed.');
  keepCounts(rawUsage, tokens, knownCounts, 'tokens.');
  keepCounts(rawUsage, { cachedTokens: fromCache }, knownCounts);
  if (!Object.keys(rawUsage).length) return undefined;
  const {
    'tokens.inputTokens': readTokens,
    'tokens.outputTokens': writtenTokens,
    'billed.inputTokens': input = readTokens,
    'billed.outputTokens': output = writtenTokens,
    'billed.imageTokens': inputImage,
    cachedTokens,
  } = rawUsage;
  const usage: Buckets = {};
  if (input !== undefined) {
    // The cache is told in tokens read, of which more may have been than were billed.
    const cacheRead = cachedTokens === undefined ? undefined : Math.min(cachedTokens, input);
    usage.input = input - (cacheRead ?? 0);
    if (cacheRead !== undefined) usage.cacheRead = cacheRead;
  }
  if (output !== undefined) usage.output = output;
  if (inputImage !== undefined) usage.inputImage = inputImage;
  return Object.keys(usage).length ? { usage, rawUsage } : { rawUsage };
}
