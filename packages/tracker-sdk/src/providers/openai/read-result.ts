import { tellingCode } from '../../observe/classify-error.ts';
import type { CallEnd, KnownFacts } from '../../observe/observe-call.ts';
import { readUsage } from './read-usage.ts';

/** Anything that a provider sends: every field may be missing or of another type. */
export type Answer = Readonly<Record<string, unknown>>;

/** Text short enough for the wire; anything else is as good as absent. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= 200 ? value : undefined;
}

/** Takes identity and usage from a chat completion, a chunk of one, a response or an embeddings answer. */
export function readFacts(facts: KnownFacts, answer: Answer): void {
  facts.responseId = textOf(answer['id']) ?? facts.responseId;
  facts.responseModel = textOf(answer['model']) ?? facts.responseModel;
  facts.serviceTier = textOf(answer['service_tier']) ?? facts.serviceTier;
  const reading = readUsage(answer['usage']);
  if (!reading) return;
  facts.usage = reading.usage;
  facts.rawUsage = reading.rawUsage;
  if (facts.provider === 'openrouter') facts.statedCost = readStatedCost(answer['usage'] as Answer);
}

/** OpenRouter states what a call cost, in US dollars. */
function readStatedCost({ cost }: Answer): KnownFacts['statedCost'] {
  if (typeof cost !== 'number' || !(cost >= 0 && cost < 1e9)) return undefined;
  return { amount: cost.toFixed(12).replace(/\.?0+$/, ''), currency: 'USD' };
}

/** Takes what a response of the Responses API says, also the tools that are billed by their number. */
export function readResponse(facts: KnownFacts, response: Answer): void {
  readFacts(facts, response);
  if (!facts.usage || !Array.isArray(response['output'])) return;
  const counted = (type: string): number | undefined =>
    (response['output'] as Answer[]).filter((item) => item?.['type'] === type).length || undefined;
  const webSearches = counted('web_search_call');
  const imagesGenerated = counted('image_generation_call');
  facts.usage = {
    ...facts.usage,
    ...(webSearches && { webSearches }),
    ...(imagesGenerated && { imagesGenerated }),
  };
}

/** How a response of the Responses API ended; `undefined` while it has not. */
export function responseEnd(response: Answer): CallEnd | undefined {
  switch (response['status']) {
    case 'completed':
    case 'incomplete':
      return { status: 'ok', complete: true };
    case 'failed': {
      const code = (response['error'] as Answer | null | undefined)?.['code'];
      return { status: 'error', complete: true, errorClass: tellingCode(code) ?? 'server_error' };
    }
    case 'cancelled':
      return { status: 'aborted', complete: true, errorClass: 'aborted' };
    default:
      return undefined;
  }
}
