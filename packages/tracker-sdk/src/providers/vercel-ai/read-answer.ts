import { headersOf } from '../../observe/read-headers.ts';
import { statedCost } from '../../observe/stated-cost.ts';
import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { doneEnd, failedEnd } from '../../observe/classify-error.ts';
import { catalogueName } from './provider-of.ts';
import { type Answer, countOf, fieldsOf, listOf, textOf } from '../../observe/read-value.ts';
import { readUsage } from './read-usage.ts';

/** Takes id and model of the response. */
export function readIdentity(facts: KnownFacts, response: Answer): void {
  facts.responseId = textOf(response['id']) ?? facts.responseId;
  facts.responseModel = textOf(response['modelId']) ?? facts.responseModel;
}

/** Takes the id under which the provider knows the request: its name differs from provider to provider. */
export function readHeaders(facts: KnownFacts, headers: unknown): void {
  const header = headersOf(headers);
  const requestId = header('x-request-id', 'request-id', 'x-amzn-requestid', 'apim-request-id');
  if (requestId) facts.providerIds = { requestId };
}

/** Takes usage, and what the provider adds under its own name: service tier, stated cost, who served it in the end. */
export function readUsed(facts: KnownFacts, reported: unknown, metadata: Answer): void {
  Object.assign(facts, readUsage(reported, metadata));
  for (const added of Object.values(metadata).map(fieldsOf)) {
    const { serviceTier, usage, usageMetadata, cost, routing } = added;
    const { service_tier, cost: usedCost } = fieldsOf(usage);
    const { trafficType } = fieldsOf(usageMetadata);
    facts.serviceTier =
      textOf(serviceTier ?? service_tier) ?? textOf(trafficType)?.toLowerCase() ?? facts.serviceTier;
    facts.statedCost = statedCost(cost ?? usedCost) ?? facts.statedCost;
    const served = textOf(fieldsOf(routing)['finalProvider']);
    if (served) facts.provider = catalogueName(served);
  }
}

/** The host's tools that the provider runs itself, by what they are billed as. */
export interface BilledTools {
  readonly webSearches: ReadonlySet<unknown>;
  readonly imagesGenerated: ReadonlySet<unknown>;
}

/** Finds them among the tools of a request, by the provider's name for them. */
export function billedTools(tools: unknown): BilledTools {
  const named = (pattern: RegExp): ReadonlySet<unknown> =>
    new Set(
      listOf(tools)
        .filter(({ id }) => pattern.test(String(id)))
        .map(({ name }) => name),
    );
  return { webSearches: named(/\.web_?search/i), imagesGenerated: named(/\.image_?generation/i) };
}

/** Counts a tool that the provider ran, unless the provider counts it itself. */
export function countTool(
  facts: KnownFacts,
  billed: BilledTools,
  { toolName }: Answer,
  reported = false,
): void {
  for (const bucket of ['webSearches', 'imagesGenerated'] as const) {
    if (billed[bucket].has(toolName) && !reported)
      facts.usage = { ...facts.usage, [bucket]: (facts.usage?.[bucket] ?? 0) + 1 };
  }
}

/** How a whole answer ended. Version 2 of the specification gives the reason as text, later ones inside an object. */
export function answerEnd({ finishReason }: Answer): CallEnd {
  const reason = fieldsOf(finishReason)['unified'] ?? finishReason;
  return reason === 'error' ? { ...failedEnd(undefined, 'server_error'), complete: true } : doneEnd;
}

/** Takes what the answer of `doGenerate` tells. */
export function readGenerated(facts: KnownFacts, answer: Answer, billed: BilledTools): CallEnd {
  const response = fieldsOf(answer['response']);
  readIdentity(facts, response);
  readHeaders(facts, response['headers']);
  facts.serviceTier = textOf(fieldsOf(response['body'])['service_tier']);
  readUsed(facts, answer['usage'], fieldsOf(answer['providerMetadata']));
  const reported = facts.usage?.webSearches !== undefined;
  for (const part of listOf(answer['content'])) {
    if (part['type'] === 'tool-call' && part['providerExecuted']) countTool(facts, billed, part, reported);
  }
  return answerEnd(answer);
}

/** Takes what the answer of `doEmbed` tells: tokens that were read, and nothing else. */
export function readEmbedded(facts: KnownFacts, answer: Answer): CallEnd {
  const { headers, body } = fieldsOf(answer['response']);
  readHeaders(facts, headers);
  facts.responseModel = textOf(fieldsOf(body)['model']);
  const tokens = countOf(fieldsOf(answer['usage'])['tokens']);
  readUsed(facts, undefined, fieldsOf(answer['providerMetadata']));
  if (tokens !== undefined) Object.assign(facts, { usage: { input: tokens }, rawUsage: { tokens } });
  return doneEnd;
}
