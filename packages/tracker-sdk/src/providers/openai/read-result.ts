import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { abortedEnd, doneEnd, failedEnd } from '../../observe/classify-error.ts';
import { type Answer, fieldsOf, listOf, textOf } from '../../observe/read-value.ts';
import { statedCost } from '../../observe/stated-cost.ts';
import { readUsage } from './read-usage.ts';

/** The most tokens that a request lets the model write. */
export const limitOf = (body: Answer): unknown =>
  body['max_completion_tokens'] ?? body['max_output_tokens'] ?? body['max_tokens'];

/** Takes identity and usage from a chat completion, a chunk of one, a response or an embeddings answer. */
export function readFacts(facts: KnownFacts, answer: Answer): void {
  facts.responseId = textOf(answer['id']) ?? facts.responseId;
  facts.responseModel = textOf(answer['model']) ?? facts.responseModel;
  facts.serviceTier = textOf(answer['service_tier']) ?? facts.serviceTier;
  // Groq tells the usage of a stream under its own name, whether it was asked to or not.
  const reported = answer['usage'] ?? fieldsOf(answer['x_groq'])['usage'];
  const reading = readUsage(reported);
  if (!reading) return;
  Object.assign(facts, reading);
  if (facts.provider === 'openrouter')
    facts.statedCost = statedCost(fieldsOf(reported)['cost']) ?? facts.statedCost;
}

/** Takes what a response of the Responses API says, also the tools that are billed by their number. */
export function readResponse(facts: KnownFacts, response: Answer): void {
  readFacts(facts, response);
  const output = listOf(response['output']);
  const counted = (type: string): number | undefined =>
    output.filter((item) => item['type'] === type).length || undefined;
  if (facts.usage && output.length)
    facts.usage = {
      ...facts.usage,
      webSearches: counted('web_search_call'),
      imagesGenerated: counted('image_generation_call'),
    };
}

/** How a response of the Responses API ended; `undefined` while it has not. */
export function responseEnd({ status, error }: Answer): CallEnd | undefined {
  if (status === 'completed' || status === 'incomplete') return doneEnd;
  if (status === 'cancelled') return { ...abortedEnd, complete: true };
  if (status !== 'failed') return undefined;
  return { ...failedEnd(fieldsOf(error)['code'], 'server_error'), complete: true };
}
