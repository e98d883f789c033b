import type { CallEnd, CallRecorder, CallSource, ObservedCall } from '../../observe/call-recorder.ts';
import { classifyError, doneEnd, statusEnd } from '../../observe/classify-error.ts';
import { type CallObserver, safely } from '../../observe/observe-promise.ts';
import { watcherOf, watchOnce } from '../../observe/observe-stream.ts';
import { type Method, put } from '../../observe/install.ts';
import { wrapMark } from '../../observe/wrap-mark.ts';
import { type CohereMethod, cohereMethods } from './cohere-methods.ts';
import { type Answer, fieldsOf, textOf } from '../../observe/read-value.ts';
import { readAnswer, readStream } from './read-answer.ts';
import { type FetchOptions, watchFetch } from './watch-fetch.ts';

/** Settings of {@link wrapCohere}. */
export interface WrapCohereOptions {
  /** Name of the provider on every call. Default: `cohere`, and `aws` for the SDK's clients of Bedrock and SageMaker. */
  readonly provider?: string | undefined;
}

/** An object of the SDK with methods of one version of the API. */
type Holder = Record<string, unknown> & { readonly _options?: FetchOptions };

/** What of a client is used. Everything is looked for before it is relied on. */
interface CohereClient {
  /** On the client of the first version: the second one. */
  readonly v2?: Holder;
  /** On the client of the second version: the object whose methods its own are bound to. */
  readonly clientV2?: Holder;
  [wrapMark]?: (recorder: CallRecorder) => object;
}

/** The methods as they were before anything was put in front of them. */
type Originals = ReadonlyMap<CohereMethod, Method>;

const holderOf = (client: CohereClient, { version }: CohereMethod): Holder | undefined => {
  if (version === 'v2') return client.clientV2 ?? client.v2;
  return client.clientV2 ? undefined : (client as unknown as Holder);
};

/**
 * Counts every call that a client of `cohere-ai` makes: chat and its streams, embed and rerank of both versions of the API,
 * on `CohereClient`, its `v2`, and `CohereClientV2`. Returns the same client: its promises with `withRawResponse()`, streams,
 * cancellation and errors stay its own. Wrapping twice does nothing. A client without these methods is returned untouched,
 * and `unsupported_sdk` is counted.
 *
 * @example
 * const cohere = wrapCohere(new CohereClientV2({ token }), tracker);
 * await cohere.chat({ model: 'command-a-03-2025', messages });
 */
export function wrapCohere<Client extends object>(
  client: Client,
  { recorder }: CallSource,
  options: WrapCohereOptions = {},
): Client {
  const known = client as CohereClient;
  if (known[wrapMark]) return client;
  const originals = new Map<CohereMethod, Method>();
  for (const method of cohereMethods) {
    const original = holderOf(known, method)?.[method.name];
    if (typeof original === 'function') originals.set(method, original as Method);
  }
  if (!originals.size) {
    recorder.lose('unsupported_sdk');
    return client;
  }
  observeClient(known, originals, { recorder, options });
  return client;
}

interface Observation {
  readonly recorder: CallRecorder;
  readonly options: WrapCohereOptions;
}

function observeClient(client: CohereClient, originals: Originals, { recorder, options }: Observation): void {
  Object.defineProperty(client, wrapMark, {
    value(next: CallRecorder): object {
      const { clientV2, v2 } = client;
      const own = { value: Object.create(clientV2 ?? v2 ?? {}) as Holder, writable: true };
      // The first version keeps its second one under this name.
      const narrower = Object.create(client, clientV2 ? { clientV2: own } : { _v2: own }) as CohereClient;
      observeClient(narrower, originals, { recorder: next, options });
      return narrower;
    },
  });
  for (const [method, original] of originals) {
    const holder = holderOf(client, method);
    if (!holder) continue;
    const observed = observeMethod(original, method, { recorder, options });
    put(holder, method.name, observed);
    if (client.clientV2) put(client, method.name, observed.bind(holder));
  }
}

function observeMethod(
  original: Method,
  { operation }: CohereMethod,
  { recorder, options }: Observation,
): Method {
  return function (this: unknown, ...parameters) {
    const [body, given] = parameters as [Answer?, { readonly abortSignal?: AbortSignal }?];
    const settings = (this as Holder | undefined)?._options;
    let call: ObservedCall | undefined;
    let perform = (): unknown => original.apply(this, parameters);
    let refusal: unknown;
    safely(recorder, () => {
      const region = textOf(settings?.awsRegion);
      const started = recorder.start(
        {
          provider: options.provider ?? (region ? 'aws' : 'cohere'),
          operation,
          requestModel: textOf(body?.['model']) ?? 'unknown',
          region,
        },
        { body, maxOutputTokens: body?.['maxTokens'] },
      );
      call = started;
      if (!settings) return;
      const { admit } = recorder;
      const admission =
        admit &&
        (() =>
          admit(started).catch((error: unknown) => {
            refusal = error;
            throw error;
          }));
      // An object like this one, for this call alone: what it inherits and calls finds the settings of the call.
      const holder: unknown = Object.create(this as object, {
        _options: { value: watchFetch(settings, { call: started, recorder }, admission) },
      });
      perform = () => original.apply(holder, parameters);
    });
    if (!call) return perform();
    const { drop } = call;
    const observer: CallObserver = {
      call,
      recorder,
      endOf: (error) => failureOf(error, !!given?.abortSignal?.aborted),
    };
    const failed = (error: unknown): never => {
      // The SDK would dress a refusal up as a failure of the connection.
      if (refusal === undefined) safely(recorder, () => observer.call.end(observer.endOf(error)));
      else drop();
      throw refusal ?? error;
    };
    try {
      return observePromise(recorder.within(call, perform), failed, (value) =>
        safely(recorder, () => observeValue(value, observer, given?.abortSignal)),
      );
    } catch (error) {
      return failed(error);
    }
  };
}

/**
 * Sees what comes of a promise without taking it from the host. The SDK's own promise asks another one within; there is
 * where one looks, so that it keeps its class and its `withRawResponse()`, and a failure that nobody handles stays one.
 */
function observePromise(
  promise: unknown,
  failed: (error: unknown) => never,
  onValue: (value: Answer) => void,
): unknown {
  const sdkPromise = promise as { innerPromise?: Promise<{ readonly data?: unknown }> };
  const { innerPromise } = fieldsOf(promise) as typeof sdkPromise;
  if (typeof innerPromise?.then === 'function') {
    sdkPromise.innerPromise = innerPromise.then((whole) => {
      onValue(fieldsOf(whole?.data));
      return whole;
    }, failed);
    return promise;
  }
  // A method of the host's own may answer at once.
  if (typeof (promise as Partial<Promise<unknown>> | undefined)?.then !== 'function') {
    onValue(fieldsOf(promise));
    return promise;
  }
  return (promise as Promise<unknown>).then((value) => {
    onValue(fieldsOf(value));
    return value;
  }, failed);
}

/** How a failed call ended. */
function failureOf(error: unknown, aborted: boolean): CallEnd {
  const { statusCode } = fieldsOf(error);
  return typeof statusCode === 'number' && !aborted ? statusEnd(statusCode) : classifyError(error, aborted);
}

function observeValue(value: Answer, observer: CallObserver, signal: AbortSignal | undefined): void {
  const { facts, end } = observer.call;
  const watcher = watcherOf(observer, readStream(facts), signal);
  if (watchOnce(value, Symbol.asyncIterator, watcher)) return;
  readAnswer(facts, value);
  end(doneEnd);
}
