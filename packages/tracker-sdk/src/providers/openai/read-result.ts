import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { abortedEnd, failedEnd } from '../../observe/classify-error.ts';
import { readUsage } from './read-usage.ts';

/** Anything that a provider sends: every field may be missing or of another type. */
export type Answer = Readonly<Record<string, unknown>>;

/** Text short enough for the wire; anything else is as good as absent. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.length < 201 && value ? value : undefined;
}

/** The most tokens that a request lets the model write. */
export const limitOf = (body: Answer): unknown =>
  body['max_completion_tokens'] ?? body['max_output_tokens'] ?? body['max_tokens'];

/** Takes identity and usage from a chat completion, a chunk of one, a response or an embeddings answer. */
export function readFacts(facts: KnownFacts, answer: Answer): void {
  facts.responseId = textOf(answer['id']) ?? facts.responseId;
  facts.responseModel = textOf(answer['model']) ?? facts.responseModel;
  facts.serviceTier = textOf(answer['service_tier']) ?? facts.serviceTier;
  // Groq tells the usage of a stream under its own name, whether it was asked to or not.
  const reported = answer['usage'] ?? (answer['x_groq'] as Answer | null | undefined)?.['usage'];
  const reading = readUsage(reported);
  if (!reading) return;
  Object.assign(facts, reading);
  const { cost } = reported as { cost?: unknown };
  // OpenRouter states what a call cost, in US dollars.
  if (facts.provider === 'openrouter' && typeof cost === 'number' && cost >= 0 && cost < 1e9) {
    facts.statedCost = { amount: cost.toFixed(12), currency: 'USD' };
  }
}

/** Takes what a response of the Responses API says, also the tools that are billed by their number. */
export function readResponse(facts: KnownFacts, response: Answer): void {
  readFacts(facts, response);
  const { output } = response;
  if (!facts.usage || !Array.isArray(output)) return;
  const counted = (type: string): number | undefined =>
    (output as Answer[]).filter((item) => item?.['type'] === type).length || undefined;
  facts.usage = {
    ...facts.usage,
    webSearches: counted('web_search_call'),
    imagesGenerated: counted('image_generation_call'),
  };
}

/** How a response of the Responses API ended; `undefined` while it has not. */
export function responseEnd({ status, error }: Answer): CallEnd | undefined {
  if (status === 'completed' || status === 'incomplete') return { status: 'ok', complete: true };
  if (status === 'cancelled') return { ...abortedEnd, complete: true };
  if (status !== 'failed') return undefined;
  return { ...failedEnd((error as Answer | null | undefined)?.['code'], 'server_error'), complete: true };
}
