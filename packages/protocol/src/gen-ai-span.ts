export type { GenAiSpan, GenAiSpanEvent, SpanAttributes, SpanAttributeValue } from './gen-ai/gen-ai-span.ts';
export { providerId, providerOfHost } from './gen-ai/provider-id.ts';
export {
  type GenAiSpanReading,
  readGenAiSpan,
  recordedMark,
  type SpanFacts,
} from './gen-ai/read-gen-ai-span.ts';
