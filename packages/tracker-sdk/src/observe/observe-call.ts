import { type CallGroup, settleGroup } from './call-group.ts';
import type { CallContext, CallFacts, CallRequest, KnownFacts, ObservedCall } from './call-recorder.ts';
import { abortedEnd } from './classify-error.ts';
import { type CountTokens, estimateUsage } from './estimate-usage.ts';

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
  /** Runs our own code where its failure must not become the host's. */
  readonly quietly: (action: () => void) => void;
  readonly countTokens: CountTokens | undefined;
  /** Every call that has not ended. */
  readonly unfinished: Set<ObservedCall>;
}

/**
 * Starts to observe a call. Attribution and trace are what they are now. A call under which it starts is the same one,
 * seen from further away.
 */
export function observeCall(
  { now, newId, record, quietly, countTokens, unfinished }: CallParts,
  context: CallContext,
  facts: KnownFacts,
  request: CallRequest | undefined,
): ObservedCall {
  context.outer?.drop();
  const { group } = context;
  // What starts after its run is through is a call of its own.
  const attempts: CallGroup = group && !group.closed ? group : { attempts: 0, open: 0, closed: true };
  let startedAt = now();
  /** The last sign of life that somebody noted, and whether there was one since. */
  let aliveAt = startedAt;
  let alive = false;
  let id = newId(startedAt);
  let attempt = ++attempts.attempts;
  let betweenAttempts = false;
  let firstChunkMs: number | undefined;
  let written = 0;
  const callId = (attempts.callId ??= id);
  const elapsed = (): number => Math.max(0, now() - startedAt);
  const report = (ended: CallFacts): ((final: boolean) => void) => {
    const whole = { id, callId, attempt, durationMs: elapsed() };
    return (final) => record(context, { ...whole, final }, ended);
  };

  /** `false` when it had gone already. */
  function leave(recorded: boolean): boolean {
    if (!unfinished.delete(call)) return false;
    attempts.open--;
    quietly(() => call.onEnd?.(recorded));
    return true;
  }

  const call: ObservedCall = {
    id,
    facts,
    request,
    chunk(text) {
      alive = true;
      firstChunkMs ??= elapsed();
      if (text) written += countTokens ? countTokens(text) : text.length / 4;
    },
    attemptFailed(end) {
      if (betweenAttempts || !unfinished.has(call)) return;
      betweenAttempts = true;
      const { provider, operation, requestModel } = facts;
      report({ provider, operation, requestModel, ...end })(false);
    },
    attemptStarted() {
      if (!betweenAttempts) return;
      betweenAttempts = false;
      attempt = ++attempts.attempts;
      aliveAt = startedAt = now();
      id = newId(startedAt);
    },
    end(end) {
      if (!leave(true)) return;
      call.attemptStarted();
      // Once an answer has begun, what was read and written is billed, told or not.
      if (request && !end.complete && firstChunkMs !== undefined)
        quietly(() => (facts.estimate = estimateUsage(facts, request, { written, countTokens })));
      attempts.settle?.(false);
      attempts.settle = report({ ...facts, ...end, firstChunkMs });
      settleGroup(attempts);
    },
    drop() {
      if (!leave(false)) return;
      // Its place is free again: the first event of a call carries the call's id.
      if (attempts.attempts === attempt && !--attempts.attempts) attempts.callId = undefined;
      settleGroup(attempts);
    },
    abandon(before) {
      // Noted only when somebody asks, so that no chunk costs a look at the clock.
      if (alive) aliveAt = now();
      alive = false;
      if (aliveAt <= before) call.end({ ...abortedEnd, errorClass: 'abandoned' });
    },
  };
  unfinished.add(call);
  attempts.open++;
  return call;
}
