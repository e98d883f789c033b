import type { UsageEvent } from '@tallykit/protocol';
import { readGenAiSpan, type GenAiSpan, type GenAiSpanReading } from '@tallykit/protocol/gen-ai-span';
import { derivedUuidV7 } from '../../primitives/uuid-v7.ts';

/** The events that spans tell of, and how many spans are not spans. */
export interface SpanEvents {
  readonly events: readonly UsageEvent[];
  /** Spans without valid ids. */
  readonly invalid: number;
}

const traceId = /^(?!0{32})[0-9a-f]{32}$/;
const spanId = /^(?!0{16})[0-9a-f]{16}$/;

const isValid = (span: GenAiSpan): boolean => traceId.test(span.traceId) && spanId.test(span.spanId);

function withIdentity({ startedAt, facts }: GenAiSpanReading, organizationId: string): UsageEvent {
  const sourceId = `${facts.traceId}:${facts.spanId}`;
  const id = derivedUuidV7({ ms: startedAt, organizationId, source: 'otlp', sourceId });
  return facts.kind === 'llm_call' ? { id, callId: id, attempt: 1, final: true, ...facts } : { id, ...facts };
}

/**
 * Makes the events of spans: spans that tell of no call make none, and of two model calls of which one runs in the other
 * only the inner one does, since it is the same request seen closer to the wire. The same span makes the same event, so a
 * repeated export counts once.
 *
 * @example
 * const { events } = eventsOfSpans(spans, 'acme');
 */
export function eventsOfSpans(spans: readonly GenAiSpan[], organizationId: string): SpanEvents {
  const valid = spans.filter(isValid);
  const readings = valid.flatMap((span) => readGenAiSpan(span) ?? []);
  const outer = new Set<string>();
  for (const { facts } of readings) {
    if (facts.kind === 'llm_call' && facts.parentSpanId !== undefined) {
      outer.add(`${facts.traceId}:${facts.parentSpanId}`);
    }
  }
  const counted = readings.filter(
    ({ facts }) => facts.kind !== 'llm_call' || !outer.has(`${facts.traceId}:${facts.spanId}`),
  );
  return {
    events: counted.map((reading) => withIdentity(reading, organizationId)),
    invalid: spans.length - valid.length,
  };
}
