import type { UsageEvent } from '@tallykit/protocol';
import type { CallContext, CallFacts } from './observe/call-recorder.ts';
import type { CallAttempt } from './observe/observe-call.ts';

/** Takes a finished event. */
export type EmitEvent = (event: UsageEvent) => void;

/** The one funnel: turns what is known of a call into its event. */
export function recordCall(
  emit: EmitEvent,
  { attribution, traceId, parentSpanId }: CallContext,
  attempt: CallAttempt,
  facts: CallFacts,
): void {
  emit({ kind: 'llm_call', ...attempt, traceId, parentSpanId, ...facts, ...attribution });
}

const factKeys = (
  'provider operation requestModel responseModel responseId errorClass httpStatus firstChunkMs usage rawUsage ' +
  'estimate serviceTier batch region statedCost providerIds'
).split(' ') as (keyof CallFacts)[];

/** The known keys of a call recorded by hand: nothing else that sits on the object can leave the host. */
export function pickFacts(
  call: Pick<CallFacts, 'provider' | 'operation' | 'requestModel'> & Partial<CallFacts>,
): CallFacts {
  const { status = 'ok', complete = true } = call;
  return Object.assign(
    { status, complete },
    Object.fromEntries(factKeys.map((key) => [key, call[key]])),
  ) as unknown as CallFacts;
}
