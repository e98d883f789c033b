import type { CallRecorder, CallSource, ObservedCall } from '../../observe/call-recorder.ts';
import { classifyError } from '../../observe/classify-error.ts';
import { type CallObserver, isLazyPromise, observePromise, safely } from '../../observe/observe-promise.ts';
import { watchIterator } from '../../observe/observe-stream.ts';
import { hostFacts } from './hosts.ts';
import { type OpenAIMethod, openAIMethods } from './openai-methods.ts';
import { type Answer, responseEnd } from './read-result.ts';
import { callKey, install, type Method, watchAttempts } from './watch-attempts.ts';

/** Settings of {@link wrapOpenAI}. */
export interface WrapOpenAIOptions {
  /** Name of the provider on every call. Default: known by the client's base URL, such as `openai` or `azure`. */
  readonly provider?: string | undefined;
  /**
   * Asks for the usage chunk of streamed chat completions and hides it from a caller who did not ask for it.
   * Default: on hosts that are known to take the request.
   */
  readonly requestUsage?: boolean | undefined;
}

/** Leaves on a wrapped client how to wrap it for another recorder. Known by name, so that copies of this package agree. */
const mark = Symbol.for('tallykit.wrapped');

/** What of a client is used. Everything is looked for before it is relied on. */
interface OpenAIClient {
  readonly baseURL?: unknown;
  withOptions?(options: unknown): object;
  makeRequest?: unknown;
  [mark]?: (recorder: CallRecorder) => object;
}

/**
 * Counts every call that an OpenAI client makes: chat completions, responses and embeddings, as JSON and as streams,
 * also through `parse`, `stream`, `runTools` and `withOptions`. Returns the same client: its types, helpers, streams,
 * cancellation and errors stay its own. Wrapping twice does nothing. A client without the hooks that observing needs
 * is returned untouched, and `unsupported_sdk` is counted.
 *
 * @example
 * const openai = wrapOpenAI(new OpenAI(), tracker);
 * await openai.chat.completions.create({ model: 'gpt-4o-mini', messages });
 */
export function wrapOpenAI<Client extends object>(
  client: Client,
  { recorder }: CallSource,
  options: WrapOpenAIOptions = {},
): Client {
  const target = client as OpenAIClient;
  const { withOptions } = target;
  if (target[mark]) return client;
  if (!target.makeRequest || !withOptions) {
    recorder.lose('unsupported_sdk');
    return client;
  }
  const host = hostFacts(target.baseURL);
  const { provider = host.provider, requestUsage = host.takesUsageRequest } = options;
  const derive = (overrides: unknown, next: CallRecorder): object =>
    wrapOpenAI(withOptions.call(client, overrides), { recorder: next }, options);
  Object.defineProperty(client, mark, { value: (next: CallRecorder) => derive({}, next) });
  install(client, 'withOptions', () => (overrides) => derive(overrides, recorder));
  watchAttempts(client, recorder);
  for (const method of openAIMethods) {
    const keys = method.path.split('.');
    const name = keys.pop() ?? '';
    const resource = keys.reduce<unknown>((holder, key) => (holder as Answer | undefined)?.[key], client);
    install(resource, name, (original) => observed(original, method, { recorder, provider, requestUsage }));
  }
  return client;
}

interface Wrapping {
  readonly recorder: CallRecorder;
  readonly provider: string;
  readonly requestUsage: boolean;
}

function observed(
  original: Method,
  method: OpenAIMethod,
  { recorder, provider, requestUsage }: Wrapping,
): Method {
  return function (this: unknown, ...parameters) {
    const [body, options] = parameters as [Answer | undefined, { readonly signal?: AbortSignal } | undefined];
    const prepared = [...parameters];
    let call: ObservedCall | undefined;
    let requested = false;
    safely(recorder, () => {
      const { model, stream, stream_options: wishes } = body ?? {};
      const requestModel = typeof model === 'string' && model ? model.slice(0, 200) : 'unknown';
      const started = recorder.start({ provider, operation: method.operation, requestModel });
      requested =
        requestUsage &&
        method.operation === 'chat' &&
        stream === true &&
        !(wishes as Answer | undefined)?.['include_usage'];
      if (requested)
        prepared[0] = { ...body, stream_options: { ...(wishes as object), include_usage: true } };
      // Options that are still a promise stay one; then only the SDK's own retries remain unseen.
      if (!options || !('then' in options)) prepared[1] = { ...options, [callKey]: started };
      call = started;
    });
    if (!call) return original.apply(this, parameters);
    const observer: CallObserver = {
      call,
      recorder,
      endOf: (error) => classifyError(error, !!options?.signal?.aborted),
    };
    try {
      const promise = original.apply(this, prepared);
      if (isLazyPromise(promise)) {
        return observePromise(promise, observer, (value) =>
          observeAnswer((value ?? {}) as Answer, method, observer, requested),
        );
      }
      call.drop();
      recorder.lose('unsupported_sdk');
      return promise;
    } catch (error) {
      call.end(observer.endOf(error));
      throw error;
    }
  };
}

function observeAnswer(
  answer: Answer,
  method: OpenAIMethod,
  observer: CallObserver,
  requested: boolean,
): void {
  const { call, recorder, endOf } = observer;
  const { iterator: open, controller, status, background } = answer;
  if (typeof open !== 'function') {
    method.read(call.facts, answer);
    const pending = status === 'queued' || status === 'in_progress';
    // A retrieve makes no call, and a response made in the foreground has told its usage already.
    if (method.path.endsWith('retrieve') && (pending || background !== true)) call.drop();
    else call.end(responseEnd(answer) ?? { status: 'ok', complete: !pending });
    return;
  }
  const reader = method.readStream(call.facts, requested);
  (answer as { iterator: unknown }).iterator = () =>
    watchIterator(open.call(answer) as AsyncIterator<Answer>, {
      item(item) {
        let shown = true;
        safely(recorder, () => {
          shown = reader.item(item);
          call.chunk();
        });
        return shown;
      },
      // The SDK ends an aborted stream as if it were complete.
      ended: (left) =>
        safely(recorder, () =>
          call.end(reader.end(!left && !(controller as AbortController | undefined)?.signal.aborted)),
        ),
      failed: (error) => safely(recorder, () => call.end(endOf(error))),
    });
}
