import type { SignalEvent } from '@tallykit/protocol';
import { type Attribution, mergeAttribution } from './context/attribution.ts';
import { idFromKey } from './identity/id-from-key.ts';
import type { CallContext, CallRecorder } from './observe/call-recorder.ts';
import type { EmitEvent } from './record-call.ts';

/** What a signal may carry besides its name. Attribution given here wins over that of the run. */
export interface SignalOptions extends Attribution {
  /**
   * The same key and name give the same event, which is counted once. Give `occurredAt` with it when the repetition
   * may come from another process; within one process the key is enough.
   */
  readonly idempotencyKey?: string | undefined;
  /** A whole number. Default: 1. */
  readonly quantity?: number | undefined;
  /** What the signal delivered. `amount` is a decimal as text, so that no cent is lost to rounding. */
  readonly value?: SignalEvent['value'];
  /** When it happened, as a date or Unix milliseconds. Default: now. */
  readonly occurredAt?: Date | number | undefined;
}

/** Emits a signal. */
export type RecordSignal = (context: CallContext, name: string, options: SignalOptions) => void;

const rememberedKeys = 10_000;

/** Remembers the time of recent idempotency keys, because an event's id holds its time. */
export function createSignalRecorder(recorder: CallRecorder, emit: EmitEvent): RecordSignal {
  const times = new Map<string, number>();

  function timeOf(key: string, occurredAt: number | undefined): number {
    const time = occurredAt ?? times.get(key) ?? recorder.now();
    times.set(key, time);
    const oldest = times.keys().next();
    if (times.size > rememberedKeys && !oldest.done) times.delete(oldest.value);
    return time;
  }

  return (context, name, options) => {
    const { idempotencyKey, quantity, value, occurredAt } = options;
    const given = occurredAt === undefined ? undefined : Number(occurredAt);
    const key = idempotencyKey === undefined ? undefined : `${name}\n${idempotencyKey}`;
    const id =
      key === undefined ? recorder.newId(given ?? recorder.now()) : idFromKey(key, timeOf(key, given));
    emit({
      kind: 'signal',
      id,
      traceId: context.traceId,
      parentSpanId: context.parentSpanId,
      name,
      quantity,
      value: value && { type: value.type, amount: String(value.amount), currency: value.currency },
      ...mergeAttribution(context.attribution, options),
    });
  };
}
