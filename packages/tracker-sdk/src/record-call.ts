import type { LlmCallEvent, UsageEvent } from '@tallykit/protocol';
import type { CallAttempt, CallContext, CallFacts } from './observe/call-recorder.ts';

/** Takes a finished event. */
export type EmitEvent = (event: UsageEvent) => void;

/**
 * The one funnel: turns what was observed of a call into its event. The keys are listed one by one, so nothing that
 * a provider's answer or a caller's object holds besides can get onto the wire.
 */
export function recordCall(
  emit: EmitEvent,
  context: CallContext,
  attempt: CallAttempt,
  facts: CallFacts,
): void {
  const event: LlmCallEvent = {
    kind: 'llm_call',
    id: attempt.id,
    callId: attempt.callId,
    attempt: attempt.attempt,
    final: attempt.final,
    traceId: context.traceId,
    parentSpanId: context.parentSpanId,
    provider: facts.provider,
    operation: facts.operation,
    requestModel: facts.requestModel,
    responseModel: facts.responseModel,
    responseId: facts.responseId,
    status: facts.status,
    complete: facts.complete,
    errorClass: facts.errorClass,
    httpStatus: facts.httpStatus,
    durationMs: attempt.durationMs,
    firstChunkMs: facts.firstChunkMs,
    usage: facts.usage,
    rawUsage: facts.rawUsage,
    estimate: facts.estimate,
    serviceTier: facts.serviceTier,
    batch: facts.batch,
    region: facts.region,
    statedCost: facts.statedCost,
    providerIds: facts.providerIds,
    ...context.attribution,
  };
  emit(event);
}
