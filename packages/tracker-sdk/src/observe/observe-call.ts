import type { CallContext, CallEnd, CallFacts, KnownFacts, ObservedCall } from './call-recorder.ts';

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
export function observeCall(parts: CallParts, context: CallContext, facts: KnownFacts): ObservedCall {
  const { now, newId, record, unfinished } = parts;
  let startedAt = now();
  let id = newId(startedAt);
  let attempt = 1;
  let betweenAttempts = false;
  let firstChunkAt: number | undefined;
  let idleSince = Infinity;
  let unseen = false;
  const callId = id;

  const report = (final: boolean, ended: CallFacts): void =>
    record(context, { id, callId, attempt, final, durationMs: Math.max(0, now() - startedAt) }, ended);

  const call: ObservedCall = {
    facts,
    busy() {
      idleSince = Infinity;
      unseen = false;
    },
    idle(outOfSight = false) {
      idleSince = now();
      unseen = outOfSight;
    },
    chunk() {
      idleSince = now();
      firstChunkAt ??= idleSince;
    },
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
    end(end: CallEnd) {
      if (!unfinished.delete(call)) return;
      call.attemptStarted();
      report(true, { ...facts, ...end, firstChunkMs: firstChunkAt && Math.max(0, firstChunkAt - startedAt) });
    },
    drop: () => void unfinished.delete(call),
    abandon(before) {
      if (unseen) call.end({ status: 'ok', complete: false, errorClass: 'usage_absent' });
      else if (idleSince <= before) call.end({ status: 'aborted', complete: false, errorClass: 'abandoned' });
    },
  };
  unfinished.add(call);
  return call;
}
