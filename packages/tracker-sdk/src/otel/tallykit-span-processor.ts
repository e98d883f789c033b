import { readGenAiSpan, type SpanAttributes } from '@tallykit/protocol/gen-ai-span';
import type { CallSource, HeldContext } from '../observe/call-recorder.ts';
import type { EndedSpan, SpanContextHolder } from './ended-span.ts';
import { readBaggage, readSpan } from './read-span.ts';

/** A tracker, as far as spans need one. */
export interface SpanTracker extends CallSource {
  readonly flush: () => Promise<boolean>;
}

/** A span processor of OpenTelemetry's SDK. */
export interface TallykitSpanProcessor {
  onStart(span: object, parentContext?: SpanContextHolder): void;
  onEnd(span: EndedSpan): void;
  /** Sends what was recorded so far. Never rejects. */
  forceFlush(): Promise<void>;
  /** Sends what was recorded so far and leaves the tracker, which is the host's, running. Never rejects. */
  shutdown(): Promise<void>;
}

interface SpanStart {
  readonly held: HeldContext;
  readonly baggage: SpanAttributes | undefined;
}

/** Spans over calls end soon after them, so few have to be remembered. */
const rememberedParents = 1000;

/**
 * Records the calls of models and tools that any GenAI instrumentation makes spans of, with the tokens, ids, times and
 * trace of the span. Attribution comes from `tallykit.*` attributes of the span, then the tracker's run that the span
 * was started in, then `tallykit.*` entries of its baggage, then its resource. Spans over calls (agents, workflows,
 * steps) are left alone. Prompts, answers and arguments are never read.
 *
 * A call that a wrapped client records too is counted once by the server when both tell the id of the response. An
 * instrumentation that tells none (OpenInference) should not see the calls of a wrapped client.
 *
 * Nothing in it throws: what fails is counted as `observer_failed`.
 *
 * @example
 * const provider = new NodeTracerProvider({ spanProcessors: [tallykitSpanProcessor(tracker)] });
 * provider.register();
 */
export function tallykitSpanProcessor(tracker: SpanTracker): TallykitSpanProcessor {
  const { recorder } = tracker;
  const started = new WeakMap<object, SpanStart>();
  const parents = new Set<string>();

  function quietly(action: () => void): void {
    try {
      action();
    } catch {
      recorder.lose('observer_failed');
    }
  }

  function end(span: EndedSpan): void {
    const { held, baggage } = started.get(span) ?? { held: recorder.hold(), baggage: undefined };
    const reading = readGenAiSpan(readSpan(span, baggage), held.attribution);
    if (!reading) return;
    const { facts, startedAt } = reading;
    if (facts.kind === 'llm_call') {
      // The same request was seen closer to the wire already.
      if (parents.delete(`${facts.traceId}:${facts.spanId}`)) return;
      if (facts.parentSpanId) {
        // The oldest one goes: the span over a call that ended just now is still to end.
        const [oldest = ''] = parents;
        if (parents.size >= rememberedParents) parents.delete(oldest);
        parents.add(`${facts.traceId}:${facts.parentSpanId}`);
      }
    }
    held.record(startedAt, facts);
  }

  async function flush(): Promise<void> {
    await tracker.flush();
  }

  return {
    onStart: (span, parentContext) =>
      quietly(() => started.set(span, { held: recorder.hold(), baggage: readBaggage(parentContext) })),
    onEnd: (span) => quietly(() => end(span)),
    forceFlush: flush,
    shutdown: flush,
  };
}
