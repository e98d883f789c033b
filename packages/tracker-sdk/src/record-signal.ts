import type { SignalEvent } from '@tallykit/protocol';
import { type Attribution, mergeAttribution } from './context/attribution.ts';
import { idFromKey } from './identity/id-from-key.ts';
import type { CallContext } from './observe/call-recorder.ts';
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
export type RecordSignal = (context: CallContext, name: string, options?: SignalOptions) => void;

/** Remembers the time of recent idempotency keys, because an event's id holds its time. */
export function createSignalRecorder(
  now: () => number,
  newId: (milliseconds: number) => string,
  emit: EmitEvent,
): RecordSignal {
  const times = new Map<string, number>();
  return ({ attribution, ...trace }, name, options = {}) => {
    const { idempotencyKey, quantity, value, occurredAt } = options;
    const key = idempotencyKey && `${name}\n${idempotencyKey}`;
    const time = Number(occurredAt ?? (key && times.get(key)) ?? now());
    if (key) {
      if (times.size >= 10_000) times.clear();
      times.set(key, time);
    }
    emit({
      kind: 'signal',
      id: key ? idFromKey(key, time) : newId(time),
      ...trace,
      name,
      quantity,
      value: value && { type: value.type, amount: value.amount, currency: value.currency },
      ...mergeAttribution(attribution, options),
    });
  };
}
