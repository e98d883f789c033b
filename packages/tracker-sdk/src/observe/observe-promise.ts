import type { CallEnd, CallRecorder, ObservedCall } from './call-recorder.ts';

/** The promise of an SDK that reads the body only when it is asked to. */
export interface LazyPromise extends Promise<unknown> {
  _thenUnwrap(transform: (value: unknown, answer: unknown) => unknown): LazyPromise;
  asResponse(): Promise<unknown>;
  parse(): Promise<unknown>;
  /** Present once somebody has asked for the value. */
  readonly parsedPromise?: unknown;
  /** The answer before it is parsed, for helpers of the SDK. Where it exists, `asResponse` tells the SDK more than asking. */
  _responseProps?(): Promise<unknown>;
}

/** Whether a value has every hook that observing needs. */
export function isLazyPromise(value: unknown): value is LazyPromise {
  const promise = value as Partial<LazyPromise> | null | undefined;
  return !!(promise?._thenUnwrap && promise.asResponse && promise.parse);
}

/** Who observes a call, and how its errors are read. */
export interface CallObserver {
  readonly call: ObservedCall;
  readonly recorder: CallRecorder;
  readonly endOf: (error: unknown) => CallEnd;
}

/**
 * Observes an SDK's promise without reading the body for the host: `onValue` sees the value, and the headers that came
 * with it, on its way to whoever asks for it, and failures are seen through the raw response. Returns the promise that
 * the host gets in its place.
 */
export function observePromise(
  promise: LazyPromise,
  { call, recorder, endOf }: CallObserver,
  onValue: (value: unknown, headers: Headers | undefined) => void,
): LazyPromise {
  let parsed = false;
  let raw = false;

  const failed = (error: unknown): void => safely(recorder, () => call.end(endOf(error)));

  // An instrumentation below has asked for the value, so its body is read: asking for another one would fail the host.
  if (promise.parsedPromise) {
    promise.then((value) => safely(recorder, () => onValue(value, undefined)), failed);
    return promise;
  }

  /** Whoever took the raw response may still ask for the value, but has to do so in the same breath. */
  async function answered(): Promise<void> {
    for (let turn = 0; turn < 9; turn++) await undefined;
    if (!parsed) call.end({ status: 'ok', complete: false, errorClass: 'usage_absent' });
  }

  /** Notes how the host, or a helper of the SDK in its name, uses the promise. */
  function track(watched: LazyPromise): LazyPromise {
    const { parse, asResponse, _thenUnwrap, _responseProps } = watched;
    watched.parse = () => {
      parsed = true;
      const value = parse.call(watched);
      value.then(undefined, failed);
      return value;
    };
    watched.asResponse = () => {
      raw = true;
      const response = asResponse.call(watched);
      response.then(answered, failed);
      return response;
    };
    if (_responseProps) {
      watched._responseProps = () => {
        raw = true;
        return _responseProps.call(watched);
      };
    }
    watched._thenUnwrap = (transform) => track(_thenUnwrap.call(watched, transform));
    return watched;
  }

  // Taking the response ends the SDK's own trace of the call before its body; asking for what belongs to it does not.
  (promise._responseProps?.() ?? promise.asResponse()).catch((error: unknown) => {
    failed(error);
    // Listening here makes a failure that the host forgot about look handled. It gets its warning back.
    setTimeout(() => parsed || raw || void Promise.reject(error));
  });

  return track(
    promise._thenUnwrap((value, answer) => {
      const { response } = (answer ?? {}) as { response?: { headers?: Headers } };
      safely(recorder, () => onValue(value, response?.headers));
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
