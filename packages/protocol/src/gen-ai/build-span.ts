import type { GenAiSpan, SpanAttributes } from './gen-ai-span.ts';
import { readGenAiSpan } from './read-gen-ai-span.ts';

/** A call by the current names, without tokens. */
export const chat: SpanAttributes = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o-mini',
};

/** A span of half a second, for tests. */
export function buildSpan(attributes: SpanAttributes, rest: Partial<GenAiSpan> = {}): GenAiSpan {
  return {
    attributes,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    startNanos: 1_763_635_320_123_456_789n,
    endNanos: 1_763_635_320_623_456_789n,
    failed: false,
    ...rest,
  };
}

/** What a span for tests is read as, or null when it is no call. */
export function factsOf(attributes: SpanAttributes, rest: Partial<GenAiSpan> = {}) {
  return readGenAiSpan(buildSpan(attributes, rest))?.facts ?? null;
}

/** The call of a model that a span for tests is read as. */
export function callOf(attributes: SpanAttributes, rest: Partial<GenAiSpan> = {}) {
  const facts = factsOf(attributes, rest);
  if (facts?.kind !== 'llm_call') throw new Error('The span tells of no call of a model.');
  return facts;
}
