import type { TokenUsage } from '@tallykit/protocol';
import { countOf } from './read-value.ts';

/** Counts of one call in our buckets where we have one, and as the provider gave them. */
export interface UsageReading {
  readonly usage?: TokenUsage | undefined;
  readonly rawUsage: RawCounts;
}

/** Counts as a provider gave them, under names from a list. */
export type RawCounts = Record<string, number>;

/** Buckets while they are filled. One that stays `undefined` was not reported. */
export type Buckets = { -readonly [Bucket in keyof TokenUsage]: TokenUsage[Bucket] };

/** An event has room for so many; who tells more of them is told by the first ones. */
const mostCounts = 16;

/** Keeps the known counts in one part of a report, each under its name behind the prefix of the part. */
export function keepCounts(raw: RawCounts, part: unknown, known: RegExp, prefix = ''): void {
  let room = mostCounts - Object.keys(raw).length;
  for (const [name, value] of Object.entries(part ?? {})) {
    const count = countOf(value);
    if (count === undefined || !known.test(name)) continue;
    const key = prefix + name;
    if (key in raw || room-- > 0) raw[key] = count;
  }
}

/** A reading of counts of which those that were not told are left out; nothing where nothing was told. */
export function readingOf(
  usage: TokenUsage,
  counts: Readonly<Record<string, number | undefined>>,
): UsageReading | undefined {
  const told = Object.entries(counts).filter(([, count]) => count !== undefined);
  return told.length ? { usage, rawUsage: Object.fromEntries(told) as RawCounts } : undefined;
}
