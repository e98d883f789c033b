import { setImmediate as nextTurn } from 'node:timers/promises';
import type { UsageEvent } from '@tallykit/protocol';
import { readGenAiSpan, type GenAiSpan, type GenAiSpanReading } from '@tallykit/protocol/gen-ai-span';
import { derivedUuidV7 } from '../../primitives/uuid-v7.ts';
import type { UnreadSpan } from './otlp-span.ts';

/** The events that spans tell of, and how many spans are not spans. */
export interface SpanEvents {
  readonly events: readonly UsageEvent[];
  /** Spans without valid ids. */
  readonly invalid: number;
}

// Reading this many spans takes a few milliseconds; then others have their turn on the event loop.
const spansPerTurn = 100;
const validTraceId = /^(?!0{32})[0-9a-f]{32}$/;
const validSpanId = /^(?!0{16})[0-9a-f]{16}$/;

const isValid = (span: GenAiSpan): boolean =>
  validTraceId.test(span.traceId) && validSpanId.test(span.spanId);

function withIdentity({ startedAt, facts }: GenAiSpanReading, organizationId: string): UsageEvent {
  const sourceId = `${facts.traceId}:${facts.spanId}`;
  const id = derivedUuidV7({ ms: startedAt, organizationId, source: 'otlp', sourceId });
  return facts.kind === 'llm_call' ? { id, callId: id, attempt: 1, final: true, ...facts } : { id, ...facts };
}

/**
 * Makes the events of spans: spans that tell of no call make none, and of two model calls of which one runs in the other
 * only the inner one does, since it is the same request seen closer to the wire. The same span makes the same event, so a
 * repeated export counts once. Rejects with what reading a span throws.
 *
 * @example
 * const { events } = await eventsOfSpans(readProtobuf(body), 'acme');
 */
export async function eventsOfSpans(
  spans: readonly UnreadSpan[],
  organizationId: string,
): Promise<SpanEvents> {
  const readings: GenAiSpanReading[] = [];
  const outer = new Set<string>();
  let invalid = 0;
  for (const [index, read] of spans.entries()) {
    if (index > 0 && index % spansPerTurn === 0) await nextTurn();
    const span = read();
    if (!isValid(span)) {
      invalid += 1;
      continue;
    }
    const reading = readGenAiSpan(span);
    if (reading === null) continue;
    readings.push(reading);
    const { kind, traceId, parentSpanId } = reading.facts;
    if (kind === 'llm_call' && parentSpanId !== undefined) outer.add(`${traceId}:${parentSpanId}`);
  }
  const counted = readings.filter(
    ({ facts }) => facts.kind !== 'llm_call' || !outer.has(`${facts.traceId}:${facts.spanId}`),
  );
  return { events: counted.map((reading) => withIdentity(reading, organizationId)), invalid };
}
