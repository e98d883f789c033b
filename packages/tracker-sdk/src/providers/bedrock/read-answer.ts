import type { KnownFacts } from '../../observe/call-recorder.ts';
import { type Answer, fieldsOf, listOf, textOf } from '../../observe/read-value.ts';
import { readHeaderUsage, readUsage } from './read-usage.ts';

/** Parses the JSON bytes of a model's own format; nothing where they are none. The bytes stay as they are. */
export function parseBytes(bytes: unknown): Answer {
  if (typeof bytes !== 'string' && !ArrayBuffer.isView(bytes)) return {};
  try {
    return fieldsOf(
      JSON.parse(
        typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes as Uint8Array<ArrayBuffer>),
      ),
    );
  } catch {
    return {};
  }
}

/**
 * The model that answered. A bare model name in the answer confirms a longer id that was asked for, and the longer one
 * says more: its prefix decides about the price.
 */
export function readModel(facts: KnownFacts, named: unknown): void {
  const model = textOf(named);
  if (model) facts.responseModel = facts.requestModel.includes(model) ? facts.requestModel : model;
}

/** How the call was served: the tier in the answer, or that it was optimized for latency, which has prices of its own. */
export function readService(
  facts: KnownFacts,
  { serviceTier, performanceConfig, performanceConfigLatency }: Answer,
): void {
  const tier = textOf(fieldsOf(serviceTier)['type'] ?? serviceTier);
  const latency = fieldsOf(performanceConfig)['latency'] ?? performanceConfigLatency;
  facts.serviceTier = latency === 'optimized' ? 'latency_optimized' : (tier ?? facts.serviceTier);
}

/** Takes usage, tier and the model that a router chose from an answer of Converse, or from the last event of its stream. */
export function readConverse(facts: KnownFacts, answer: Answer): void {
  Object.assign(facts, readUsage(answer['usage']));
  readService(facts, answer);
  // An ARN: the model is what follows its last slash.
  const invoked = textOf(fieldsOf(fieldsOf(answer['trace'])['promptRouter'])['invokedModelId']);
  readModel(facts, invoked?.replace(/^arn:.*\//, ''));
}

/** Where the families of models put their counts: in `usage`, or, as Titan and Llama do, beside the answer. */
export function countsIn(answer: Answer): unknown {
  if (answer['usage']) return answer['usage'];
  const written = listOf(answer['results'])[0]?.['tokenCount'];
  return { ...answer, ...(written === undefined ? {} : { outputTokens: written }) };
}

/** Takes what the answer of an invoked model says, and where that is nothing, what its headers say. */
export function readInvoked(facts: KnownFacts, answer: Answer, headers: unknown): void {
  readService(facts, answer);
  const fromHeaders = readHeaderUsage(headers);
  Object.assign(facts, fromHeaders);
  // Vectors are long, and the headers have told already what they cost.
  if (facts.operation === 'embeddings' && fromHeaders) return;
  const body = parseBytes(answer['body']);
  readModel(facts, body['model']);
  facts.responseId = textOf(body['id']) ?? facts.responseId;
  Object.assign(facts, readUsage(countsIn(body)));
}
