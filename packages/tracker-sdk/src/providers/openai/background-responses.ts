import type { CallContext, CallRecorder } from '../../observe/call-recorder.ts';
import type { ObservedCall } from '../../observe/observe-call.ts';
import { isLazyPromise, safely } from '../../observe/observe-promise.ts';
import { readResponse, responseEnd, type Answer } from './read-result.ts';

/** Responses that run in the background tell their usage only when they are fetched. */
export interface BackgroundWatch {
  /** Keeps the attribution of a call that goes on in the background. */
  readonly remember: (call: ObservedCall) => void;
  /** Puts an observer in front of `responses.retrieve`. */
  readonly observe: (
    retrieve: (...parameters: unknown[]) => unknown,
    provider: string,
  ) => (...parameters: unknown[]) => unknown;
}

const mostRemembered = 1000;

/**
 * Reports the usage of a background response once, when a retrieve first shows it finished. The event carries the
 * response's id, so the server joins it to the call that started the response and counts one call.
 */
export function watchBackground(recorder: CallRecorder): BackgroundWatch {
  const contexts = new Map<string, CallContext | undefined>();

  function keep(responseId: string, context: CallContext | undefined): void {
    contexts.delete(responseId);
    contexts.set(responseId, context);
    const oldest = contexts.keys().next();
    if (contexts.size > mostRemembered && !oldest.done) contexts.delete(oldest.value);
  }

  function report(response: Answer, provider: string): void {
    const { id, created_at: createdAt, completed_at: completedAt } = response;
    const end = responseEnd(response);
    if (!end || response['background'] !== true || typeof id !== 'string') return;
    const seen = contexts.has(id);
    const context = contexts.get(id);
    // Kept without a context: reported already.
    if (seen && !context) return;
    keep(id, undefined);
    const facts = { provider, operation: 'responses', requestModel: 'unknown' };
    readResponse(facts, response);
    const startedAt = typeof createdAt === 'number' ? createdAt * 1000 : recorder.now();
    const endedAt = typeof completedAt === 'number' ? completedAt * 1000 : recorder.now();
    const callId = recorder.newId(startedAt);
    const durationMs = Math.max(0, Math.round(endedAt - startedAt));
    const requestModel = (facts as { responseModel?: string }).responseModel ?? facts.requestModel;
    recorder.record(
      context ?? recorder.context(),
      { id: callId, callId, attempt: 1, final: true, durationMs },
      { ...facts, requestModel, ...end },
    );
  }

  return {
    remember(call) {
      if (call.facts.responseId) keep(call.facts.responseId, call.context);
    },
    observe: (retrieve, provider) =>
      function (this: unknown, ...parameters) {
        const promise = retrieve.apply(this, parameters);
        if (!isLazyPromise(promise)) return promise;
        return promise._thenUnwrap((value) => {
          safely(recorder, () => report((value ?? {}) as Answer, provider));
          return value;
        });
      },
  };
}
