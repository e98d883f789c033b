import type { CallRecorder, KnownFacts } from '../../observe/call-recorder.ts';
import { type CallObserver, isLazyPromise, safely } from '../../observe/observe-promise.ts';
import { watchIterator } from '../../observe/observe-stream.ts';
import type { AnswerFormat } from './openai-methods.ts';
import { readHeaders } from './read-headers.ts';
import { type Answer, responseEnd } from './read-result.ts';

/** The part of the SDK's stream that reading it goes through. */
interface Stream {
  readonly iterator?: unknown;
  readonly controller?: AbortController;
}

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
  { call, recorder, endOf }: CallObserver,
  { format, body, requested }: Reading,
): void {
  const { controller } = answer as Stream;
  const reader = format.readStream(call.facts, requested);
  const streamed = watchStream(answer, {
    item(item) {
      try {
        call.chunk(format.written?.(item));
        return reader.item(item);
      } catch {
        recorder.lose('observer_failed');
        return true;
      }
    },
    // The SDK ends an aborted stream as if it were complete.
    ended: (left) => call.end(reader.end(!left && !controller?.signal.aborted)),
    failed: (error) => call.end(endOf(error)),
  });
  if (streamed) return;
  format.read(call.facts, answer, body);
  const pending = /^(queued|in_progress)$/.test(String(answer['status']));
  call.end(responseEnd(answer) ?? { status: 'ok', complete: !pending });
}

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
    const stored = (response ?? {}) as Answer;
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
      const { response } = (answer ?? {}) as { readonly response?: { readonly headers?: unknown } };
      const streamed = watchStream((value ?? {}) as Answer, {
        item(item) {
          safely(recorder, () => tell(response?.headers, item['response']));
          return true;
        },
        ended: () => undefined,
        failed: () => undefined,
      });
      if (!streamed) tell(response?.headers, value);
    });
    return value;
  });
}

/** Watches a stream of the SDK by replacing its own iterator. `false` when the answer is none. */
function watchStream(answer: Answer, watcher: Parameters<typeof watchIterator<Answer>>[1]): boolean {
  const { iterator: open } = answer as Stream;
  if (typeof open !== 'function') return false;
  let opened = false;
  const iterator = (): unknown => {
    const source = open.call(answer) as AsyncGenerator<Answer>;
    // A stream can be read once. A second attempt fails by itself and says nothing about the first.
    if (opened) return source;
    opened = true;
    return watchIterator(source, watcher);
  };
  Object.assign(answer, { iterator });
  return true;
}
