import type { UsageEvent } from '@tallykit/protocol';
import { pickFields } from './context/pick-fields.ts';
import type { CallFacts } from './observe/call-recorder.ts';

/** Takes a finished event. */
export type EmitEvent = (event: UsageEvent) => void;

/** The known keys of a call recorded by hand. */
export const pickFacts = (
  call: Pick<CallFacts, 'provider' | 'operation' | 'requestModel'> & Partial<CallFacts>,
): CallFacts => ({
  ...pickFields<typeof call, keyof typeof call>(
    call,
    'provider operation requestModel responseModel responseId errorClass httpStatus firstChunkMs usage rawUsage ' +
      'estimate serviceTier batch region statedCost providerIds',
  ),
  status: call.status ?? 'ok',
  complete: call.complete ?? true,
});
