import type { GenAiSpan, SpanAttributes } from '@tallykit/protocol/gen-ai-span';
import type { EndedSpan, HighResolutionTime, SpanContextHolder } from './ended-span.ts';

const nanosOf = ([seconds, nanoseconds]: HighResolutionTime): bigint =>
  BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);

const attributesOf = (attributes: Readonly<Record<string, unknown>> | undefined): SpanAttributes =>
  (attributes ?? {}) as SpanAttributes;

/** A span of the SDK as the mapping reads it. */
export function readSpan(span: EndedSpan, baggage: SpanAttributes | undefined): GenAiSpan {
  const { traceId, spanId } = span.spanContext();
  return {
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId ?? span.parentSpanId,
    attributes: attributesOf(span.attributes),
    resource: attributesOf(span.resource?.attributes),
    baggage,
    scopeName: (span.instrumentationScope ?? span.instrumentationLibrary)?.name,
    startNanos: nanosOf(span.startTime),
    endNanos: nanosOf(span.endTime),
    failed: span.status.code === 2,
    events: span.events?.map(({ name, time, attributes }) => ({
      name,
      timeNanos: nanosOf(time),
      attributes: attributesOf(attributes),
    })),
  };
}

interface Baggage {
  getAllEntries(): readonly (readonly [string, { readonly value: string }])[];
}

/** The entries of baggage in our own namespace; nothing else of it is looked at. */
export function readBaggage(context: SpanContextHolder | undefined): SpanAttributes | undefined {
  const baggage = context?.getValue(Symbol.for('OpenTelemetry Baggage Key')) as Baggage | undefined;
  const own = baggage?.getAllEntries().filter(([key]) => key.startsWith('tallykit.'));
  return own?.length ? Object.fromEntries(own.map(([key, { value }]) => [key, value])) : undefined;
}
