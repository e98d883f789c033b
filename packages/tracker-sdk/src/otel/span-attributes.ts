import { recordedMark } from '@tallykit/protocol/gen-ai-span';
import type { Attribution } from '../context/attribution.ts';
import type { CallEnd, KnownFacts } from '../observe/call-recorder.ts';

/** Attributes of a span; what is not known is not on it. */
export type WrittenAttributes = Readonly<Record<string, string | number | boolean>>;

/** OpenTelemetry's names of the providers that have another one in the price catalogue. */
const registeredNames: Readonly<Record<string, string>> = {
  aws: 'aws.bedrock',
  azure: 'azure.ai.openai',
  google: 'gcp.gemini',
  mistral: 'mistral_ai',
  moonshotai: 'moonshot_ai',
  'x-ai': 'x_ai',
};

/** Names of OpenTelemetry's registry for operations that have another one here. */
const registeredOperations: Readonly<Record<string, string>> = { responses: 'chat', messages: 'chat' };

const sumOf = (...counts: readonly (number | undefined)[]): number | undefined => {
  const told = counts.filter((count) => count !== undefined);
  return told.length ? told.reduce((sum, count) => sum + count, 0) : undefined;
};

/** What a span says of a call, by the current names of OpenTelemetry. There is no attribute for content. */
export function attributesOfCall(
  facts: KnownFacts,
  end: CallEnd,
  {
    attribution,
    firstChunkMs,
  }: { readonly attribution: Attribution; readonly firstChunkMs: number | undefined },
): WrittenAttributes {
  const { usage = {}, provider, operation } = facts;
  const cacheWrite = sumOf(usage.cacheWrite, usage.cacheWrite5m, usage.cacheWrite1h);
  const cacheRead = sumOf(usage.cacheRead, usage.cacheReadAudio);
  const attributes = {
    'gen_ai.operation.name': registeredOperations[operation] ?? operation,
    'gen_ai.provider.name': registeredNames[provider] ?? provider,
    'gen_ai.request.model': facts.requestModel,
    'gen_ai.response.model': facts.responseModel,
    'gen_ai.response.id': facts.responseId,
    'gen_ai.response.time_to_first_chunk': firstChunkMs === undefined ? undefined : firstChunkMs / 1000,
    // By convention the whole, with everything that is told apart besides.
    'gen_ai.usage.input_tokens': sumOf(
      usage.input,
      usage.inputAudio,
      usage.inputImage,
      cacheRead,
      cacheWrite,
    ),
    'gen_ai.usage.output_tokens': sumOf(usage.output, usage.reasoning, usage.outputAudio, usage.outputImage),
    'gen_ai.usage.cache_read.input_tokens': cacheRead,
    'gen_ai.usage.cache_creation.input_tokens': cacheWrite,
    'gen_ai.usage.reasoning.output_tokens': usage.reasoning,
    'openai.response.service_tier': provider === 'openai' ? facts.serviceTier : undefined,
    'gen_ai.conversation.id': attribution.conversationId,
    'tallykit.customer_id': attribution.customerId,
    'tallykit.user_id': attribution.userId,
    'tallykit.product_id': attribution.productId,
    'tallykit.flow': attribution.flow,
    'http.response.status_code': end.httpStatus,
    'error.type': end.status === 'ok' ? undefined : (end.errorClass ?? '_OTHER'),
    [recordedMark]: true,
  };
  const told = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(told) as WrittenAttributes;
}
