import type { CallEnd, CallRecorder, KnownFacts } from '../../observe/call-recorder.ts';
import { doneEnd } from '../../observe/classify-error.ts';
import { type CallObserver, isLazyPromise, safely } from '../../observe/observe-promise.ts';
import { watcherOf, watchOnce } from '../../observe/observe-stream.ts';
import { type Answer, fieldsOf } from '../../observe/read-value.ts';
import type { AnswerFormat } from './openai-methods.ts';
import { readHeaders } from './read-headers.ts';
import { responseEnd } from './read-result.ts';

/** How one call is read. */
export interface Reading {
  readonly format: AnswerFormat;
  readonly body: Answer;
  /** The usage chunk was asked for by us. */
  readonly requested: boolean;
}

/** Reads an answer on its way to the host: at once, or item by item where it is streamed. */
export function observeAnswer(
  answer: Answer,
  observer: CallObserver,
  { format, body, requested }: Reading,
): void {
  const { facts, end } = observer.call;
  // The SDK ends an aborted stream as if it were complete.
  if (typeof answer['iterator'] === 'function') {
    const { signal } = fieldsOf(answer['controller']) as Partial<AbortController>;
    const watcher = watcherOf(observer, format.readStream(facts, requested), signal);
    return void watchOnce(answer, 'iterator', watcher);
  }
  format.read(facts, answer, body);
  end(endOfAnswer(answer));
}

/** How an answer that is whole ended: a response may go on in the background. */
export const endOfAnswer = (answer: Answer): CallEnd =>
  responseEnd(answer) ?? {
    ...doneEnd,
    complete: !/^(queued|in_progress)$/.test(String(answer['status'])),
  };

/**
 * Looks at a stored response that the host reads. It makes no call, but where the call ran in the background it is the
 * first to tell its usage: then it leaves an event with the id of the response, which the server takes for the same call.
 */
export function observeStored(
  promise: unknown,
  recorder: CallRecorder,
  { facts, format }: { readonly facts: KnownFacts; readonly format: AnswerFormat },
): unknown {
  if (!isLazyPromise(promise)) return promise;
  const tell = (headers: unknown, response: unknown): void => {
    const stored = fieldsOf(response);
    const end = responseEnd(stored);
    if (!stored['background'] || !end) return;
    const call = recorder.start({ ...facts });
    format.read(call.facts, stored, {});
    readHeaders(call.facts, headers);
    call.facts.requestModel = call.facts.responseModel ?? facts.requestModel;
    call.end(end);
  };
  return promise._thenUnwrap((value, answer) => {
    safely(recorder, () => {
      const { headers } = fieldsOf(fieldsOf(answer)['response']);
      const streamed = watchOnce<Answer>(value, 'iterator', {
        item(item) {
          safely(recorder, () => tell(headers, item['response']));
          return true;
        },
        ended: () => undefined,
        failed: () => undefined,
      });
      if (!streamed) tell(headers, value);
    });
    return value;
  });
}
