import type { TokenUsage } from '../token-usage.ts';
import { amountOf, countOf, firstOf } from './attribute-values.ts';
import type { GenAiSpan, SpanAttributes } from './gen-ai-span.ts';
import { usageNames } from './usage-names.ts';

/** What a span says was used, in buckets that do not overlap, beside the counts as they were reported. */
export interface SpanUsage {
  readonly usage: TokenUsage | undefined;
  readonly rawUsage: Readonly<Record<string, number>> | undefined;
}

/** At most this many raw counts fit an event. */
const mostRawCounts = 16;

/**
 * Instrumentations whose `gen_ai.usage.input_tokens` leaves out cached tokens, against the convention: they pass on what
 * Anthropic reports.
 */
const exclusiveScopes = /^@traceloop\/instrumentation-(anthropic|bedrock)$/;

/** Versions 4 and 5 of the AI SDK pass on the count of the provider, which leaves out cached tokens for these two. */
function isExclusiveAiSdk(attributes: SpanAttributes, provider: string): boolean {
  const operation = String(attributes['ai.operationId']);
  return (
    /^(anthropic|aws)$/.test(provider) &&
    /^ai\.(generateText\.doGenerate|streamText\.doStream)$/.test(operation) &&
    attributes['ai.usage.cachedInputTokens'] !== undefined &&
    // Since version 6 the details are told, and the total holds them all.
    !Object.keys(attributes).some((name) => name.startsWith('ai.usage.inputTokenDetails.'))
  );
}

/** A count without its parts. Parts that overlap each other give way in their order, so that all add up to the whole. */
function split(
  whole: number,
  parts: readonly (number | undefined)[],
): { rest: number; parts: (number | undefined)[] } {
  let rest = whole;
  const fitting = parts.map((part) => {
    if (part === undefined) return undefined;
    const taken = Math.min(part, rest);
    rest -= taken;
    return taken;
  });
  return { rest, parts: fitting };
}

/**
 * Reads what a call used. A count that is reported as a part of another one is taken out of it. By convention cached
 * tokens are a part of the input and reasoning is a part of the output; a span of which that cannot be true, because the
 * part is larger than the whole or because the reported total holds both, is taken as one that lists them apart.
 */
export function usageOf(span: Pick<GenAiSpan, 'attributes' | 'scopeName'>, provider: string): SpanUsage {
  const { attributes, scopeName = '' } = span;
  const count = (names: readonly string[]): number | undefined => firstOf(attributes, names, countOf);
  const input = count(usageNames.input);
  const output = count(usageNames.output);
  const total = count(usageNames.total);
  const cacheRead = count(usageNames.cacheRead);
  const cacheWrite = count(usageNames.cacheWrite);
  const reasoning = count(usageNames.reasoning);
  const uncached = count(usageNames.uncachedInput);
  const seconds = firstOf(attributes, usageNames.seconds, amountOf);

  const usage: { -readonly [Bucket in keyof TokenUsage]: TokenUsage[Bucket] } = {
    cacheRead,
    cacheWrite,
    reasoning,
    inputAudio: count(usageNames.inputAudio),
    inputImage: count(usageNames.inputImage),
    outputAudio: count(usageNames.outputAudio),
    characters: count(usageNames.characters),
    seconds: seconds === undefined ? undefined : Math.ceil(seconds),
  };

  const cached = (cacheRead ?? 0) + (cacheWrite ?? 0);
  let read = input;
  if (input !== undefined) {
    const apart =
      cached > input ||
      (cached > 0 && total === input + cached + (output ?? 0)) ||
      exclusiveScopes.test(scopeName) ||
      isExclusiveAiSdk(attributes, provider);
    read = apart ? input + cached : input;
    const { rest, parts } = split(read, [cacheRead, cacheWrite, usage.inputAudio, usage.inputImage]);
    [usage.cacheRead, usage.cacheWrite, usage.inputAudio, usage.inputImage] = parts;
    usage.input = rest;
  } else if (uncached !== undefined) usage.input = uncached;

  if (output !== undefined) {
    const apart = (reasoning ?? 0) > output || (!!reasoning && total === (read ?? 0) + output + reasoning);
    const { rest, parts } = split(apart ? output + (reasoning ?? 0) : output, [reasoning, usage.outputAudio]);
    [usage.reasoning, usage.outputAudio] = parts;
    usage.output = rest;
  }
  return { usage: withoutAbsent(usage), rawUsage: rawCounts(attributes) };
}

function withoutAbsent(usage: TokenUsage): TokenUsage | undefined {
  const reported = Object.entries(usage).filter(([, value]) => value !== undefined);
  return reported.length === 0 ? undefined : Object.fromEntries(reported);
}

function rawCounts(attributes: SpanAttributes): Readonly<Record<string, number>> | undefined {
  const counts: [string, number][] = [];
  for (const name of Object.values(usageNames).flat()) {
    const value = countOf(attributes[name]);
    if (value !== undefined) counts.push([name, value]);
  }
  return counts.length === 0 ? undefined : Object.fromEntries(counts.slice(0, mostRawCounts));
}
