import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { abortedEnd, doneEnd, failedEnd } from '../../observe/classify-error.ts';
import { type Answer, countOf, fieldsOf, listOf, textOf } from '../../observe/read-value.ts';
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

/** A page that is opened or searched through costs nothing beside the search that found it. */
const isReading = ({ action }: Answer): boolean =>
  /^(open_page|find_in_page)$/.test(String(fieldsOf(action)['type']));

/** Takes what a response of the Responses API says, also the tools that are billed by their number. */
export function readResponse(facts: KnownFacts, response: Answer): void {
  readFacts(facts, response);
  const output = listOf(response['output']);
  const counted = (type: string): number | undefined =>
    output.filter((item) => item['type'] === type && !isReading(item)).length || undefined;
  // Newer answers say themselves how many searches are billed.
  const billed = countOf(fieldsOf(fieldsOf(response['tool_usage'])['web_search'])['num_requests']);
  if (facts.usage && (output.length || billed !== undefined))
    facts.usage = {
      ...facts.usage,
      webSearches: billed ?? counted('web_search_call'),
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
