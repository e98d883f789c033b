import type { UsageEvent } from '@tallykit/protocol';
import { type AsyncStorage, hostProcess } from './context/ambient.ts';
import { mergeAttribution } from './context/attribution.ts';
import { activeOpenTelemetrySpan, readTraceparent, type TraceContext } from './context/trace-context.ts';
import { createDelivery } from './delivery/deliver.ts';
import { createLossReport } from './delivery/loss-report.ts';
import type { Priority } from './delivery/queue.ts';
import { httpSender, transportSender } from './delivery/send-batch.ts';
import { createIdentifiers } from './identity/identifiers.ts';
import type { CallContext, CallRecorder } from './observe/call-recorder.ts';
import { recordCall } from './record-call.ts';
import { createSignalRecorder } from './record-signal.ts';
import { resolveOptions, type TrackerOptions } from './tracker-options.ts';
import type { ManualCall, RunContext, Tracker } from './tracker.ts';

/** A call that the host has not touched for this long is taken as left behind. */
const abandonedAfterMs = 600_000;
const wrapMark = Symbol.for('tallykit.wrapped');

/**
 * Makes the tracker of an application: one is enough for a process. It never throws into the host's calls, never
 * delays them, keeps no process alive, and counts whatever it could not deliver.
 *
 * Throws a `TrackerError` (`configuration_invalid`) when neither `endpoint` nor `transport` is given.
 *
 * @example
 * const tracker = createTracker({ endpoint: 'https://app.example.com/api/tallykit', apiKey: key });
 * const openai = wrapOpenAI(new OpenAI(), tracker);
 */
export function createTracker(given: TrackerOptions): Tracker {
  const options = resolveOptions(given);
  const { now } = options;
  const identifiers = createIdentifiers(options.random);
  const Storage = options.asyncLocalStorage ?? undefined;
  const storage: AsyncStorage<CallContext> | undefined = Storage && new Storage<CallContext>();
  const base: CallContext['attribution'] = mergeAttribution({}, { environment: options.environment });
  const unfinished: CallRecorder['unfinished'] = new Set();
  let runsSeen = false;

  const losses = createLossReport((loss) => {
    delivery.schedule();
    options.onLoss?.(loss);
  });
  const delivery = createDelivery({
    send: options.transport
      ? transportSender(options.transport, now)
      : httpSender({ endpoint: options.endpoint ?? '', apiKey: options.apiKey, fetch: options.fetch, now }),
    losses,
    queue: { maxEvents: options.maxQueueEvents, maxBytes: options.maxQueueBytes },
    maxBatchEvents: options.maxBatchEvents,
    maxBatchBytes: options.maxBatchBytes,
    flushIntervalMs: options.flushIntervalMs,
    requestTimeoutMs: options.requestTimeoutMs,
    maxAttempts: options.maxAttempts,
    fraction: identifiers.fraction,
    onError: options.onError,
    onTick: () => sweep(abandonedAfterMs),
    outside: Storage?.snapshot?.() ?? ((callback) => callback()),
  });

  /** Nothing of ours may fail the host: what goes wrong is counted instead. */
  function quietly(action: () => void): void {
    try {
      action();
    } catch {
      losses.add('observer_failed', 1);
    }
  }

  function emit(event: UsageEvent): void {
    watchExit();
    let text: string | undefined;
    try {
      text = JSON.stringify(event);
    } catch {
      return delivery.lose('serialization_failed');
    }
    if (text.length > options.maxEventBytes) return delivery.lose('event_too_large');
    delivery.enqueue(text, priorityOf(event));
  }

  function ambient(): CallContext | undefined {
    const context = storage?.getStore();
    // Without any run there is no attribution to miss.
    if (!storage && runsSeen) losses.add('context_unavailable', 1);
    return context;
  }

  const newTrace = (): TraceContext => ({ traceId: identifiers.traceId() });

  /** A span of the same trace that is active now is nearer than the one the run began under. */
  function current(context: CallContext | undefined): CallContext {
    const span = activeOpenTelemetrySpan();
    if (!context) return { ...(span ?? newTrace()), attribution: base };
    return span?.traceId === context.traceId ? { ...context, ...span } : context;
  }

  function recorderOf(context: () => CallContext): CallRecorder {
    return {
      now,
      newId: identifiers.uuid,
      context,
      record: (fixed, attempt, facts) => recordCall(emit, fixed, attempt, facts),
      lose: (reason) => losses.add(reason, 1),
      unfinished,
      watch: delivery.schedule,
    };
  }

  const recorder = recorderOf(() => current(ambient()));
  const signal = createSignalRecorder(recorder, emit);

  function record(context: CallContext, call: ManualCall): void {
    const { startedAt, durationMs = 0, status = 'ok', complete = true } = call;
    const callId = identifiers.uuid(startedAt === undefined ? now() - durationMs : Number(startedAt));
    const attribution = mergeAttribution(context.attribution, call);
    const attempt = { id: callId, callId, attempt: 1, final: true, durationMs: Math.round(durationMs) };
    recordCall(emit, { ...context, attribution }, attempt, { ...call, status, complete });
  }

  function contextOfRun(context: CallContext): RunContext {
    const bound = recorderOf(() => current(context));
    return {
      traceId: context.traceId,
      attribution: context.attribution,
      wrap(client) {
        const rebind = (client as { [wrapMark]?: (recorder: CallRecorder) => typeof client })[wrapMark];
        if (rebind) return rebind(bound);
        losses.add('unsupported_sdk', 1);
        return client;
      },
      signal: (name, signalOptions = {}) => quietly(() => signal(current(context), name, signalOptions)),
      record: (call) => quietly(() => record(current(context), call)),
      recorder: bound,
    };
  }

  function sweep(idleMs: number): void {
    const before = now() - idleMs;
    for (const call of unfinished) {
      const { idleSince, outOfSight } = call;
      if (outOfSight || (idleSince !== undefined && idleSince <= before)) quietly(() => call.abandon());
    }
    if (unfinished.size > 0) delivery.schedule();
  }

  function flush(): Promise<boolean> {
    sweep(abandonedAfterMs);
    return delivery.flush(options.flushTimeoutMs);
  }

  let exitWatched = false;
  /** The process has nothing else to do: last chance, once. What then still fails to arrive is counted as lost. */
  const onExit = (): void => {
    sweep(0);
    if (delivery.counts().queued === 0) return;
    void delivery
      .flush(options.flushTimeoutMs)
      .then((delivered) => delivered || delivery.stop('process_exit'));
  };
  function watchExit(): void {
    if (exitWatched || !options.flushAtExit) return;
    exitWatched = true;
    hostProcess()?.on?.('beforeExit', onExit);
  }

  return {
    run(attribution, body) {
      runsSeen = true;
      const outer = storage?.getStore();
      const trace =
        readTraceparent(attribution.traceparent) ?? activeOpenTelemetrySpan() ?? outer ?? newTrace();
      const context: CallContext = {
        traceId: trace.traceId,
        parentSpanId: trace.parentSpanId,
        attribution: mergeAttribution(outer?.attribution ?? base, attribution),
      };
      const inside = contextOfRun(context);
      return storage ? storage.run(context, () => body(inside)) : body(inside);
    },
    signal: (name, signalOptions = {}) => quietly(() => signal(recorder.context(), name, signalOptions)),
    record: (call) => quietly(() => record(recorder.context(), call)),
    flush,
    async shutdown() {
      hostProcess()?.off?.('beforeExit', onExit);
      for (const call of unfinished) quietly(() => call.abandon());
      const delivered = await delivery.flush(options.flushTimeoutMs);
      delivery.stop('shutdown_timeout');
      return delivered;
    },
    stats: () => ({ ...delivery.counts(), lost: losses.totals(), unfinished: unfinished.size }),
    recorder,
  };
}

/** Failed attempts that a later one replaced, and interface events, go first when the queue is full. */
function priorityOf(event: UsageEvent): Priority {
  if (event.kind === 'llm_call') return event.final ? 'high' : 'low';
  return event.kind === 'telemetry' ? 'low' : 'high';
}
