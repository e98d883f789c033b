import type { UsageEvent } from '@tallykit/protocol';
import { type Attribution, mergeAttribution } from './context/attribution.ts';
import { idFromKey } from './identity/id-from-key.ts';
import type { CallContext } from './observe/call-recorder.ts';
import type { EmitEvent } from './record-call.ts';

/** What every event that is not a call may carry. Attribution given here wins over that of the run. */
export interface EventOptions extends Attribution {
  /**
   * The same key and name give the same event, which is counted once. Give `occurredAt` with it when the repetition
   * may come from another process; within one process the key is enough.
   */
  readonly idempotencyKey?: string | undefined;
  /** When it happened, as a date or Unix milliseconds. Default: now. */
  readonly occurredAt?: Date | number | undefined;
}

type WithoutIdentity<Event> = Event extends UsageEvent ? Omit<Event, 'id' | 'traceId'> : never;

/** What an event says of itself; `name` tells events of one kind apart under the same idempotency key. */
export type EventFacts = WithoutIdentity<Exclude<UsageEvent, { kind: 'llm_call' }>>;

/** Emits an event that is not a call. */
export type RecordEvent = (
  context: CallContext,
  facts: EventFacts,
  options: EventOptions | undefined,
  name?: string,
) => void;

/** Remembers the time of recent idempotency keys, because an event's id holds its time. */
export function createEventRecorder(
  now: () => number,
  newId: (milliseconds: number) => string,
  emit: EmitEvent,
): RecordEvent {
  const times = new Map<string, number>();
  return ({ attribution, traceId, parentSpanId }, facts, options = {}, name = facts.kind) => {
    const { idempotencyKey, occurredAt } = options;
    const key = idempotencyKey && `${name}\n${idempotencyKey}`;
    const time = Number(occurredAt ?? (key && times.get(key)) ?? now());
    if (key) {
      const [oldest = key] = times.keys();
      if (times.size >= 10_000) times.delete(oldest);
      times.set(key, time);
    }
    const id = key ? idFromKey(key, time) : newId(time);
    emit({ id, traceId, parentSpanId, ...mergeAttribution(attribution, options), ...facts } as UsageEvent);
  };
}
