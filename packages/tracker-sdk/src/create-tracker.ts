import type { UsageEvent } from '@tallykit/protocol';
import { type AsyncStorage, findAsyncStorage, runtime } from './context/ambient.ts';
import { mergeAttribution } from './context/attribution.ts';
import { activeOpenTelemetrySpan, readTraceparent } from './context/trace-context.ts';
import { createDelivery } from './delivery/deliver.ts';
import { TrackerError } from './errors/tracker-error.ts';
import { uuidV7 } from './identity/identifiers.ts';
import type { CallContext, CallRecorder, ObservedCall } from './observe/call-recorder.ts';
import { type CallParts, observeCall } from './observe/observe-call.ts';
import { wrapMark } from './observe/wrap-mark.ts';
import { pickFacts, recordCall } from './record-call.ts';
import { createSignalRecorder } from './record-signal.ts';
import type { TrackerOptions } from './tracker-options.ts';
import type { ManualCall, RunContext, Tracker } from './tracker.ts';

/** A call that has no end after this long is taken as left behind: a stream nobody read, a promise nobody awaited. */
const abandonedAfterMs = 3_600_000;

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
export function createTracker(options: TrackerOptions): Tracker {
  const { environment, maxEventBytes = 2 ** 15, flushTimeoutMs = 5000, flushAtExit = true } = options;
  const { now = Date.now, asyncLocalStorage: Storage = findAsyncStorage() } = options;
  const { randomUUID = () => crypto.randomUUID() } = options;
  if (!options.endpoint && !options.transport) {
    throw new TrackerError(
      'configuration_invalid',
      'Every call would be lost: give createTracker an endpoint or a transport.',
    );
  }
  const newId = (milliseconds: number): string => uuidV7(milliseconds, randomUUID());
  const newTraceId = (): string => randomUUID().replaceAll('-', '');
  const storage: AsyncStorage<CallContext> | null | undefined = Storage && new Storage();
  const base = mergeAttribution({}, { environment });
  const unfinished = new Set<ObservedCall>();
  let runsSeen = false;
  let exitWatched = false;

  const delivery = createDelivery(options, {
    fraction: () => Number(`0x${randomUUID().slice(0, 8)}`) / 2 ** 32,
    onTick: () => sweep(now() - abandonedAfterMs),
    outside: Storage?.snapshot?.() ?? ((callback) => callback()),
  });

  /** Nothing of ours may fail the host: what goes wrong is counted instead. */
  function quietly(action: () => void): void {
    try {
      action();
    } catch {
      delivery.lose('observer_failed', 0);
    }
  }

  function emit(event: UsageEvent): void {
    if (flushAtExit && !exitWatched) runtime.process?.on?.('beforeExit', onExit);
    exitWatched = true;
    let text;
    try {
      text = JSON.stringify(event);
    } catch {
      return delivery.lose('serialization_failed', 1);
    }
    if (text.length > maxEventBytes) delivery.lose('event_too_large', 1);
    // What nobody is billed by goes first when the queue is full: attempts that another one replaced, and telemetry.
    else delivery.enqueue(text, event.kind === 'llm_call' ? event.final : event.kind !== 'telemetry');
  }

  /** Attribution and trace that hold now: those of the run, under the nearest span of its trace. */
  function current(run: CallContext | undefined): CallContext {
    const span = activeOpenTelemetrySpan();
    if (!run) return { ...(span ?? { traceId: newTraceId() }), attribution: base };
    return span?.traceId === run.traceId ? { ...run, ...span } : run;
  }

  function ambient(): CallContext {
    // Without any run there is no attribution to miss.
    if (!storage && runsSeen) delivery.lose('context_unavailable', 0);
    return current(storage?.getStore());
  }

  const parts: CallParts = {
    now,
    newId,
    unfinished,
    record: (context, attempt, facts) => quietly(() => recordCall(emit, context, attempt, facts)),
  };
  const signal = createSignalRecorder(now, newId, emit);

  function record(context: CallContext, call: ManualCall): void {
    const { durationMs = 0, startedAt = now() - durationMs } = call;
    const callId = newId(Number(startedAt));
    const attribution = mergeAttribution(context.attribution, call);
    const attempt = { id: callId, callId, attempt: 1, final: true, durationMs: Math.round(durationMs) };
    recordCall(emit, { ...context, attribution }, attempt, pickFacts(call));
  }

  /** What a tracker and a run have in common. */
  function entrance(context: () => CallContext): Pick<RunContext, 'signal' | 'record' | 'recorder'> {
    const recorder: CallRecorder = {
      start: (facts) => observeCall(parts, context(), facts),
      lose: (reason) => delivery.lose(reason, 0),
    };
    return {
      signal: (name, given) => quietly(() => signal(context(), name, given)),
      record: (call) => quietly(() => record(context(), call)),
      recorder,
    };
  }

  function sweep(before: number): void {
    for (const call of unfinished) call.abandon(before);
  }

  function flush(before = now() - abandonedAfterMs): Promise<boolean> {
    sweep(before);
    return delivery.flush(flushTimeoutMs);
  }

  /** The process has nothing else to do: last chance, once. What then still fails to arrive is counted as lost. */
  function onExit(): void {
    sweep(now());
    if (delivery.counts().queued)
      void flush().then((delivered) => delivered || delivery.stop('process_exit'));
  }

  return {
    ...entrance(ambient),
    run(given, body) {
      runsSeen = true;
      const outer = storage?.getStore();
      const { traceId, parentSpanId } = readTraceparent(given.traceparent) ??
        activeOpenTelemetrySpan() ??
        outer ?? { traceId: newTraceId() };
      const attribution = mergeAttribution(outer?.attribution ?? base, given);
      const context: CallContext = { traceId, parentSpanId, attribution };
      const inside = entrance(() => current(context));
      const run: RunContext = {
        ...inside,
        traceId,
        attribution,
        wrap(client) {
          const rebind = (client as { [wrapMark]?: (recorder: CallRecorder) => typeof client })[wrapMark];
          if (!rebind) delivery.lose('unsupported_sdk', 0);
          return rebind?.(inside.recorder) ?? client;
        },
      };
      return storage ? storage.run(context, () => body(run)) : body(run);
    },
    flush: () => flush(),
    async shutdown() {
      runtime.process?.off?.('beforeExit', onExit);
      const delivered = await flush(Infinity);
      delivery.stop('shutdown_timeout');
      return delivered;
    },
    stats: () => ({ ...delivery.counts(), unfinished: unfinished.size }),
  };
}
