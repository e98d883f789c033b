import type { CallRecorder, ObservedCall } from '../../observe/call-recorder.ts';
import { type CallObserver, safely } from '../../observe/observe-promise.ts';
import { observeResult } from '../../observe/observe-result.ts';
import { endOfModelError } from './end-of-error.ts';
import { methodOf } from './model-methods.ts';
import { servedModel } from './provider-of.ts';
import { billedTools, readHeaders } from './read-answer.ts';
import type { StreamReader } from './read-stream.ts';
import { type Answer, fieldsOf } from './read-value.ts';
import { watchReadable } from './watch-readable.ts';

/** One call of a model's method. */
export interface ModelCall {
  /** Name of the method, such as `doStream`. */
  readonly name: string;
  readonly model: unknown;
  readonly parameters: unknown;
}

/** Makes a call of a model and observes it. The host gets what the model gives. */
export function observeModelCall<Result>(
  recorder: CallRecorder,
  { name, model, parameters }: ModelCall,
  perform: () => PromiseLike<Result>,
): PromiseLike<Result> {
  const asked = fieldsOf(parameters);
  const method = methodOf(name, asked);
  let call: ObservedCall | undefined;
  safely(recorder, () => {
    if (!method) return recorder.lose('unsupported_sdk');
    call = recorder.start(
      { ...servedModel(fieldsOf(model)), operation: method.operation },
      { body: method.requested(asked), maxOutputTokens: asked['maxOutputTokens'] },
    );
  });
  if (!method || !call) return perform();
  const signal = asked['abortSignal'] as AbortSignal | undefined;
  const observer: CallObserver = {
    call,
    recorder,
    endOf: (error) => endOfModelError(error, !!signal?.aborted),
  };
  // The SDK's own promise stays itself; what is only like a promise becomes one.
  return observeResult(
    () => Promise.resolve(perform()),
    observer,
    (value) => {
      const answer = fieldsOf(value);
      const { facts, end } = observer.call;
      const billed = billedTools(asked['tools']);
      if (method.readStream) observeStream(answer, method.readStream(facts, billed), { observer, signal });
      else end(method.read(facts, answer, billed));
    },
  );
}

/** Puts a watched stream in the place of an answer's own. */
function observeStream(
  answer: Answer,
  reader: StreamReader,
  { observer, signal }: { readonly observer: CallObserver; readonly signal: AbortSignal | undefined },
): void {
  const { call, recorder, endOf } = observer;
  const { stream } = answer;
  if (!(stream instanceof ReadableStream)) {
    call.drop();
    return recorder.lose('unsupported_sdk');
  }
  readHeaders(call.facts, fieldsOf(answer['response'])['headers']);
  const close = (end: ReturnType<StreamReader['end']>): void => {
    signal?.removeEventListener('abort', aborted);
    call.end(end);
  };
  // A host that aborts may stop reading without another word.
  const aborted = (): void => close(reader.end(false));
  signal?.addEventListener('abort', aborted, { once: true });
  Object.assign(answer, {
    stream: watchReadable<unknown>(stream, {
      item(part) {
        safely(recorder, () => {
          const text = reader.part(fieldsOf(part));
          if (text !== null) call.chunk(text);
        });
        return true;
      },
      ended: (left) => close(reader.end(!left && !signal?.aborted)),
      failed: (error) => close(endOf(error)),
    }),
  });
}
