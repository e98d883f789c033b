import type { CallEnd, CallRecorder, ObservedCall } from './call-recorder.ts';

/** The promise of an SDK that reads the body only when it is asked to. */
export interface LazyPromise extends Promise<unknown> {
  _thenUnwrap(transform: (value: unknown) => unknown): LazyPromise;
  asResponse(): Promise<unknown>;
  parse(): Promise<unknown>;
}

/** Whether a value has every hook that observing needs. */
export function isLazyPromise(value: unknown): value is LazyPromise {
  const promise = value as Partial<LazyPromise> | null | undefined;
  return !!(promise?._thenUnwrap && promise.asResponse && promise.parse);
}

/** How a promise is observed. */
export interface PromiseObserver {
  readonly call: ObservedCall;
  readonly recorder: CallRecorder;
  /** Sees the parsed value before the host does. */
  readonly onValue: (value: unknown) => void;
  readonly endOf: (error: unknown) => CallEnd;
}

/**
 * Observes an SDK's promise without reading the body for the host: the value is seen on its way to whoever asks for
 * it, the status through the raw response. Returns the promise that the host gets in its place.
 */
export function observePromise(promise: LazyPromise, observer: PromiseObserver): LazyPromise {
  const { call, recorder, onValue, endOf } = observer;
  let answered = false;
  let parsed = false;
  let raw = false;

  const failed = (error: unknown): void => safely(recorder, () => call.end(endOf(error)));
  const loseSight = (): void => safely(recorder, () => answered && !parsed && call.idle(raw));

  /** Notes how the host, or a helper of the SDK in its name, uses the promise. */
  function track(watched: LazyPromise): LazyPromise {
    const { parse, asResponse, _thenUnwrap } = watched;
    watched.parse = () => {
      parsed = true;
      call.busy();
      const value = parse.call(watched);
      value.then(undefined, failed);
      return value;
    };
    watched.asResponse = () => {
      raw = true;
      loseSight();
      return asResponse.call(watched);
    };
    watched._thenUnwrap = (transform) => track(_thenUnwrap.call(watched, transform));
    return watched;
  }

  promise.asResponse().then(
    () => {
      answered = true;
      loseSight();
    },
    (error: unknown) => {
      failed(error);
      // Listening here makes a failure that the host forgot about look handled. It gets its warning back.
      setTimeout(() => parsed || raw || void Promise.reject(error), 0);
    },
  );

  return track(
    promise._thenUnwrap((value) => {
      safely(recorder, () => onValue(value));
      return value;
    }),
  );
}

/** Runs our own code where its failure must not become the host's. */
export function safely(recorder: CallRecorder, action: () => unknown): void {
  try {
    action();
  } catch {
    recorder.lose('observer_failed');
  }
}
