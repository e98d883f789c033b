import type { CallRecorder, ObservedCall } from '../../observe/call-recorder.ts';
import { type CallObserver, safely } from '../../observe/observe-promise.ts';
import { observeResult } from '../../observe/observe-result.ts';
import { endOfModelError } from './end-of-error.ts';
import { methodOf, type ModelMethod } from './model-methods.ts';
import { servedModel } from './provider-of.ts';
import { billedTools, type BilledTools, readHeaders } from './read-answer.ts';
import { relayStream } from '../../observe/relay-stream.ts';
import { type StreamReader, watcherOf } from '../../observe/observe-stream.ts';
import { type Answer, fieldsOf } from '../../observe/read-value.ts';

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
  let begun: BegunCall | undefined;
  safely(recorder, () => {
    const asked = fieldsOf(parameters);
    const method = methodOf(name, asked);
    if (!method) return recorder.lose('unsupported_sdk');
    const { maxOutputTokens, abortSignal, tools } = asked;
    const call = recorder.start(
      { ...servedModel(fieldsOf(model)), operation: method.operation },
      { body: method.requested(asked), maxOutputTokens },
    );
    begun = { call, method, signal: abortSignal as AbortSignal | undefined, billed: billedTools(tools) };
  });
  if (!begun) return perform();
  const { call, method, signal, billed } = begun;
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
      if (method.readStream)
        observeStream(answer, method.readStream(call.facts, billed), { observer, signal });
      else call.end(method.read(call.facts, answer, billed));
    },
  );
}

interface BegunCall {
  readonly call: ObservedCall;
  readonly method: ModelMethod;
  readonly signal: AbortSignal | undefined;
  readonly billed: BilledTools;
}

/** Whether an answer lets its stream be put in front of another. Nothing may hold the stream before that is known. */
function isReplaceable(answer: Answer, stream: unknown): stream is ReadableStream<unknown> {
  if (!(stream instanceof ReadableStream) || stream.locked) return false;
  try {
    Object.assign(answer, { stream });
    return true;
  } catch {
    return false;
  }
}

/** Puts a watched stream in the place of an answer's own. */
function observeStream(
  answer: Answer,
  reader: StreamReader,
  { observer, signal }: { readonly observer: CallObserver; readonly signal: AbortSignal | undefined },
): void {
  const { call, recorder } = observer;
  const { stream } = answer;
  if (!isReplaceable(answer, stream)) {
    call.drop();
    return recorder.lose('unsupported_sdk');
  }
  readHeaders(call.facts, fieldsOf(answer['response'])['headers']);
  const { item, ended, failed } = watcherOf(observer, reader, signal);
  // A host that aborts may stop reading without another word.
  const aborted = (): void => ended(true);
  const through = (): void => signal?.removeEventListener?.('abort', aborted);
  signal?.addEventListener?.('abort', aborted, { once: true });
  Object.assign(answer, {
    stream: relayStream<unknown>(stream, {
      item,
      ended(left) {
        through();
        ended(left);
      },
      failed(error) {
        through();
        failed(error);
      },
    }),
  });
}
