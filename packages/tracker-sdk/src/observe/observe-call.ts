import type { CallContext, CallFacts, KnownFacts, ObservedCall } from './call-recorder.ts';
import { abortedEnd } from './classify-error.ts';

/** Which attempt of which call an event tells of. */
export interface CallAttempt {
  readonly id: string;
  readonly callId: string;
  readonly attempt: number;
  readonly final: boolean;
  readonly durationMs: number;
}

/** What calls are made of. */
export interface CallParts {
  readonly now: () => number;
  readonly newId: (milliseconds: number) => string;
  readonly record: (context: CallContext, attempt: CallAttempt, facts: CallFacts) => void;
  /** Every call that has not ended. */
  readonly unfinished: Set<ObservedCall>;
}

/** Starts to observe a call. Attribution and trace are what they are now. */
export function observeCall(
  { now, newId, record, unfinished }: CallParts,
  context: CallContext,
  facts: KnownFacts,
): ObservedCall {
  let startedAt = now();
  let id = newId(startedAt);
  let attempt = 1;
  let betweenAttempts = false;
  let firstChunkMs: number | undefined;
  const callId = id;
  const elapsed = (): number => Math.max(0, now() - startedAt);
  const report = (final: boolean, ended: CallFacts): void =>
    record(context, { id, callId, attempt, final, durationMs: elapsed() }, ended);

  const call: ObservedCall = {
    facts,
    chunk: () => void (firstChunkMs ??= elapsed()),
    attemptFailed(end) {
      if (betweenAttempts || !unfinished.has(call)) return;
      betweenAttempts = true;
      const { provider, operation, requestModel } = facts;
      report(false, { provider, operation, requestModel, ...end });
    },
    attemptStarted() {
      if (!betweenAttempts) return;
      betweenAttempts = false;
      attempt++;
      startedAt = now();
      id = newId(startedAt);
    },
    end(end) {
      if (!unfinished.delete(call)) return;
      call.attemptStarted();
      report(true, { ...facts, ...end, firstChunkMs });
    },
    drop: () => void unfinished.delete(call),
    abandon: (before) => startedAt <= before && call.end({ ...abortedEnd, errorClass: 'abandoned' }),
  };
  unfinished.add(call);
  return call;
}
