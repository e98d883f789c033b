import { activeContext } from './active-context.ts';
import { attributesOfCall, type WrittenAttributes } from './span-attributes.ts';
import type { CallEnd, CallRecorder, CallSource } from '../observe/call-recorder.ts';

/** What of OpenTelemetry's tracer is used. */
export interface SpanMaker {
  startSpan(
    name: string,
    options: { kind: number; startTime: number; attributes: Record<string, string | number | boolean> },
    context?: never,
  ): MadeSpan;
}

/** What of a span is used. */
export interface MadeSpan {
  setStatus(status: { code: number }): unknown;
  end(endTime: number): void;
}

/** Settings of {@link withSpans}. */
export interface SpanOptions {
  /** The host's provider of tracers, for example a `NodeTracerProvider` or `trace.getTracerProvider()`. */
  readonly tracerProvider: { getTracer(name: string): SpanMaker };
  /** Unix milliseconds. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** The number of a client's span, and of an error, in OpenTelemetry's API. */
const clientKind = 2;
const errorStatus = 2;

/**
 * A source whose calls are also spans of OpenTelemetry: give it to a wrapper in place of the tracker. Each call is one
 * span under the one that was active when the call began, by the current `gen_ai.*` names, with customer, user, product
 * and flow as `tallykit.*`, and without content. The spans are marked, so that neither the span processor nor the
 * server counts their calls again.
 *
 * Only model calls become spans, one for all attempts; those that another wrapper sees closer to the wire are its own.
 * A failure of OpenTelemetry's is counted as `observer_failed` and reaches nobody.
 *
 * @example
 * const openai = wrapOpenAI(new OpenAI(), withSpans(tracker, { tracerProvider }));
 */
export function withSpans(source: CallSource, { tracerProvider, now = Date.now }: SpanOptions): CallSource {
  const { recorder } = source;

  function write(
    span: { startTime: number; endTime: number; name: string; failed: boolean },
    under: unknown,
    attributes: WrittenAttributes,
  ): void {
    const tracer = tracerProvider.getTracer('@tallykit/tracker-sdk');
    const made = tracer.startSpan(
      span.name,
      { kind: clientKind, startTime: span.startTime, attributes },
      under as never,
    );
    if (span.failed) made.setStatus({ code: errorStatus });
    made.end(span.endTime);
  }

  const start: CallRecorder['start'] = (facts, request, given) => {
    const call = recorder.start(facts, request, given);
    const { attribution } = recorder.hold();
    const under = activeContext();
    const startTime = now();
    let firstChunkMs: number | undefined;
    let open = true;
    const { chunk, drop, end } = call;
    // The same object, since the tracker itself ends calls that are left behind.
    return Object.assign(call, {
      chunk(text?: string) {
        firstChunkMs ??= now() - startTime;
        chunk(text);
      },
      drop() {
        open = false;
        drop();
      },
      end(told: CallEnd) {
        end(told);
        if (!open) return;
        open = false;
        try {
          const attributes = attributesOfCall(call.facts, told, {
            attribution: { ...attribution, ...given },
            firstChunkMs,
          });
          const name = `${attributes['gen_ai.operation.name']} ${call.facts.requestModel}`;
          write({ name, startTime, endTime: now(), failed: told.status === 'error' }, under, attributes);
        } catch {
          recorder.lose('observer_failed');
        }
      },
    });
  };
  return { recorder: { ...recorder, start } };
}
