export type { EndedSpan, EndedSpanEvent, HighResolutionTime, SpanContextHolder } from './ended-span.ts';
export {
  type SpanTracker,
  type TallykitSpanProcessor,
  tallykitSpanProcessor,
} from './tallykit-span-processor.ts';
export { type MadeSpan, type SpanMaker, type SpanOptions, withSpans } from './with-spans.ts';
export { withTraceparent } from './with-traceparent.ts';
