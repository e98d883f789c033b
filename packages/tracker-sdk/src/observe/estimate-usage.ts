import type { LlmCallEvent } from '@tallykit/protocol';
import type { CallRequest, KnownFacts } from './call-recorder.ts';

/** Counts the tokens of a text, exactly or nearly. */
export type CountTokens = (text: string) => number;

/** No model reads or writes more in one call. */
const mostTokens = 2_000_000;
const mostNodes = 10_000;

/** Pictures, sounds and files ride in a request as text, but are no text that a model reads. */
const encoded = /^(data:|https?:)|^[\w+/-]{512,}/;

/** Measures the text in a request: every string in it but names, addresses and encoded files. */
function measureText(body: unknown, measure: CountTokens): number {
  const waiting: unknown[] = [body];
  const seen = new Set<object>();
  let sum = 0;
  for (let nodes = 0; waiting.length && nodes < mostNodes; nodes++) {
    const part = waiting.pop();
    if (typeof part === 'string') sum += encoded.test(part) ? 0 : measure(part);
    else if (part && typeof part === 'object' && !ArrayBuffer.isView(part) && !seen.has(part)) {
      seen.add(part);
      for (const inner of Object.values(part)) waiting.push(inner);
    }
  }
  return sum;
}

/**
 * Estimates what a call used that ended without telling all of it: what the request holds and what of the answer passed
 * by, a token for four characters unless a tokenizer is given. Only buckets that were not counted are estimated, and
 * none beyond what a model can do or the host allowed.
 */
export function estimateUsage(
  { usage }: Pick<KnownFacts, 'usage'>,
  { body, maxOutputTokens }: CallRequest,
  { written, countTokens }: { readonly written: number; readonly countTokens: CountTokens | undefined },
): LlmCallEvent['estimate'] {
  const measure = countTokens ?? ((text) => text.length / 4);
  const bounded = (tokens: number, most: unknown): number =>
    Math.min(Math.ceil(tokens), Number(most) > 0 ? Number(most) : mostTokens, mostTokens);
  const input = usage?.input === undefined ? bounded(measureText(body, measure), mostTokens) : undefined;
  const output = usage?.output === undefined ? bounded(written, maxOutputTokens) : undefined;
  if (input === undefined && output === undefined) return undefined;
  return { method: countTokens ? 'tokenizer' : 'characters', usage: { input, output } };
}
