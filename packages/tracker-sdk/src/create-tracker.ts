import type { UsageEvent } from '@tallykit/protocol';
import { type AsyncStorage, findAsyncStorage, runtime } from './context/ambient.ts';
import { type Attribution, mergeAttribution } from './context/attribution.ts';
import { activeOpenTelemetrySpan, readTraceparent } from './context/trace-context.ts';
import { createDelivery } from './delivery/deliver.ts';
import { TrackerError } from './errors/tracker-error.ts';
import { createEventEntrance, type EventParts } from './events/event-recorder.ts';
import { orderedIds } from './identity/identifiers.ts';
import { type CallGroup, settleGroup } from './observe/call-group.ts';
import type { CallContext, CallRecorder, FinishedCall, ObservedCall } from './observe/call-recorder.ts';
import type { CountTokens } from './observe/estimate-usage.ts';
import { type CallParts, observeCall } from './observe/observe-call.ts';
import { isLazyPromise } from './observe/observe-promise.ts';
import { seePromise } from './observe/see-promise.ts';
import { wrapMark } from './observe/wrap-mark.ts';
import { pickFacts } from './record-call.ts';
import { createEventRecorder } from './record-event.ts';
import type { TrackerOptions } from './tracker-options.ts';
import type { Entrance, ManualCall, RunAttribution, RunContext, Tracker } from './tracker.ts';

/** A call that shows no sign of life for this long is taken as left behind: a stream nobody reads, a promise nobody awaits. */
const abandonedAfterMs = 3_600_000;

/** What nobody is billed by goes first when the queue is full: telemetry, and attempts that used nothing. */
const isBilled = (event: UsageEvent): boolean =>
  event.kind === 'llm_call' ? event.final || !!event.usage : event.kind !== 'telemetry';

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
  const {
    environment,
    maxEventBytes = 2 ** 15,
    flushTimeoutMs = 5000,
    flushAtExit = true,
    countTokens,
    budgets,
    now = Date.now,
    asyncLocalStorage: Storage = findAsyncStorage(),
    randomUUID = () => crypto.randomUUID(),
  } = options;
  if (!options.endpoint && !options.transport) {
    throw new TrackerError(
      'configuration_invalid',
      'Every call would be lost: give createTracker an endpoint or a transport.',
    );
  }
  const newId = orderedIds(randomUUID);
  const newTraceId = (): string => randomUUID().replaceAll('-', '');
  const storage: AsyncStorage<CallContext> | null | undefined = Storage && new Storage();
  const base = mergeAttribution({}, { environment });
  const unfinished = new Set<ObservedCall>();
  const groups = new Set<() => void>();
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
    else delivery.enqueue(text, isBilled(event));
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

  const parts: CallParts & EventParts = {
    now,
    newId,
    quietly,
    unfinished,
    workspaces: new Map(),
    recordEvent: createEventRecorder(now, newId, emit),
    countTokens: countTokens && careful(countTokens),
    record: ({ attribution, traceId, parentSpanId }, attempt, facts) =>
      quietly(() => emit({ kind: 'llm_call', ...attempt, traceId, parentSpanId, ...facts, ...attribution })),
  };
  const gate = budgets?.connect({ ...options, now, newId, lose: (reason) => delivery.lose(reason, 0) });

  /** A tokenizer of the host's may fail; then the length of the text has to do. */
  function careful(count: CountTokens): CountTokens {
    return (text) => {
      let tokens;
      quietly(() => (tokens = count(text)));
      return Number.isFinite(tokens) ? Math.max(0, Number(tokens)) : text.length / 4;
    };
  }

  function record({ attribution, traceId, parentSpanId }: CallContext, call: ManualCall): void {
    const { durationMs = 0, startedAt = now() - durationMs } = call;
    adopt(newId(Number(startedAt)), {
      kind: 'llm_call',
      durationMs: Math.round(durationMs),
      traceId,
      parentSpanId,
      ...pickFacts(call),
      ...mergeAttribution(attribution, call),
    });
  }

  /** Takes a call that was observed to its end elsewhere. */
  function adopt(id: string, call: FinishedCall): void {
    // Ids first: a spool knows an event by the first one in its text, and hosts may call a tag the same.
    emit(call.kind === 'tool_call' ? { id, ...call } : { id, callId: id, attempt: 1, final: true, ...call });
  }

  /** What a tracker and a run have in common. */
  function entrance(context: () => CallContext): Entrance {
    const admit = gate?.admit;
    const attributed = (given: Attribution = {}): CallContext => {
      const held = context();
      return { ...held, attribution: mergeAttribution(held.attribution, given) };
    };
    const recorder: CallRecorder = {
      start: (facts, request, given) =>
        observeCall(parts, given ? attributed(given) : context(), facts, request),
      within: (call, body) => (storage ? storage.run({ ...context(), outer: call }, body) : body()),
      admit: admit && ((call, given) => admit(call, attributed(given).attribution)),
      startTool(tool, given) {
        const fixed = given ? attributed(given) : context();
        const startedAt = now();
        let ended = false;
        return ({ status, errorClass }) => {
          if (ended) return;
          ended = true;
          const durationMs = Math.max(0, now() - startedAt);
          const facts = { kind: 'tool_call', ...tool, status, errorClass, durationMs } as const;
          quietly(() => parts.recordEvent(fixed, facts, { occurredAt: startedAt }));
        };
      },
      hold: () => ({
        ...context(),
        record: (startedAt, call) => quietly(() => adopt(newId(startedAt), call)),
      }),
      lose: (reason) => delivery.lose(reason, 0),
    };
    // Every run makes one, so nothing is copied.
    return Object.assign(createEventEntrance(parts, context), {
      record: (call: ManualCall) => quietly(() => record(context(), call)),
      recorder,
    });
  }

  /** Runs a body whose calls are attempts of one, and closes their group when it is through. */
  function asOneCall<Result>(group: CallGroup, body: () => Result): Result {
    const close = (): void => {
      groups.delete(close);
      group.closed = true;
      settleGroup(group);
    };
    groups.add(close);
    try {
      const result = body();
      // A promise that reads its body when it is asked to stays unasked: its one call has started already.
      if (result instanceof Promise && !isLazyPromise(result)) return seePromise(result, close, close);
      close();
      return result;
    } catch (error) {
      close();
      throw error;
    }
  }

  /** Ends everything that still runs: nothing follows. */
  function sweepAll(): void {
    sweep(Infinity);
    for (const close of groups) close();
  }

  function sweep(before: number): void {
    for (const call of unfinished) call.abandon(before);
    for (const workspace of parts.workspaces.values()) workspace.abandon(before);
  }

  function flush(): Promise<boolean> {
    sweep(now() - abandonedAfterMs);
    return delivery.flush(flushTimeoutMs);
  }

  /** The process has nothing else to do: last chance, once. What then still fails to arrive is counted as lost. */
  function onExit(): void {
    sweepAll();
    if (delivery.counts().queued)
      void flush().then((delivered) => delivered || delivery.stop('process_exit'));
  }

  return {
    ...entrance(ambient),
    run(attributed, body) {
      runsSeen = true;
      // Nothing that a host gives by mistake may cost it the body.
      const given: RunAttribution = attributed ?? {};
      const outer = storage?.getStore();
      const { traceId, parentSpanId } = readTraceparent(given.traceparent) ??
        activeOpenTelemetrySpan() ??
        outer ?? { traceId: newTraceId() };
      let attribution = outer?.attribution ?? base;
      quietly(() => (attribution = mergeAttribution(attribution, given)));
      const group: CallGroup | undefined = given.asOneCall ? { attempts: 0, open: 0 } : outer?.group;
      const context: CallContext = { traceId, parentSpanId, attribution, group };
      const inside = entrance(() => current(context));
      const run: RunContext = Object.assign(inside, {
        traceId,
        // A run that began the trace stands in it under a span of its own, which the trace's random half names.
        traceparent: `00-${traceId}-${parentSpanId ?? traceId.slice(16)}-01`,
        attribution,
        wrap<Client extends object>(client: Client): Client {
          const rebind = (client as { [wrapMark]?: (recorder: CallRecorder) => typeof client })[wrapMark];
          try {
            if (rebind) return rebind(inside.recorder);
          } catch {
            // An SDK that cannot copy its client leaves the host the one it has.
          }
          delivery.lose('unsupported_sdk', 0);
          return client;
        },
      });
      const inContext = (): ReturnType<typeof body> =>
        storage ? storage.run(context, () => body(run)) : body(run);
      return given.asOneCall && group ? asOneCall(group, inContext) : inContext();
    },
    async budget(scope) {
      if (!gate) return { allowed: true, decision: 'allow', reason: 'not_configured', budgets: [] };
      return gate.check(scope ?? ambient().attribution);
    },
    flush,
    async shutdown() {
      runtime.process?.off?.('beforeExit', onExit);
      sweepAll();
      const delivered = await flush();
      delivery.stop('shutdown_timeout');
      return delivered;
    },
    stats: () => ({ ...delivery.counts(), unfinished: unfinished.size }),
  };
}
