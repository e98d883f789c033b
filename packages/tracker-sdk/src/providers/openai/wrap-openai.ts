import type { CallRecorder, CallSource } from '../../observe/call-recorder.ts';
import { classifyError } from '../../observe/classify-error.ts';
import { ObservedCall } from '../../observe/observe-call.ts';
import { isLazyPromise, observePromise, safely } from '../../observe/observe-promise.ts';
import { watchIterator } from '../../observe/observe-stream.ts';
import { watchBackground, type BackgroundWatch } from './background-responses.ts';
import { hostFacts } from './hosts.ts';
import { openAIMethods, type OpenAIMethod } from './openai-methods.ts';
import { responseEnd, type Answer } from './read-result.ts';
import type { StreamReader } from './read-stream.ts';
import { callKey, install, watchAttempts } from './watch-attempts.ts';

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
  withOptions?(options: object): object;
  makeRequest?: unknown;
  [mark]?: (recorder: CallRecorder) => object;
}

type Method = (...parameters: unknown[]) => unknown;

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
  source: CallSource,
  options: WrapOpenAIOptions = {},
): Client {
  const target = client as Client & OpenAIClient;
  const { recorder } = source;
  if (target[mark]) return client;
  if (typeof target.makeRequest !== 'function' || typeof target.withOptions !== 'function') {
    recorder.lose('unsupported_sdk');
    return client;
  }
  const facts = hostFacts(target.baseURL);
  const wrapping: Wrapping = {
    recorder,
    provider: options.provider ?? facts.provider,
    requestUsage: options.requestUsage ?? facts.takesUsageRequest,
    background: watchBackground(recorder),
  };
  const original = target.withOptions;
  const derive = (overrides: object, next: CallSource): object =>
    wrapOpenAI(original.call(client, overrides), next, options);
  Object.defineProperty(target, mark, { value: (next: CallRecorder) => derive({}, { recorder: next }) });
  install(target, 'withOptions', () => (overrides) => derive(overrides as object, source));

  for (const method of openAIMethods) {
    const resource = method.path.reduce<unknown>(
      (holder, key) => (holder as Answer | undefined)?.[key],
      target,
    );
    if (typeof resource === 'object' && resource !== null) {
      install(resource, method.name, (create) => observed(create, method, wrapping));
    }
  }
  const { responses } = target as { responses?: object };
  if (responses)
    install(responses, 'retrieve', (retrieve) => wrapping.background.observe(retrieve, wrapping.provider));
  watchAttempts(target, recorder);
  return client;
}

interface Wrapping {
  readonly recorder: CallRecorder;
  readonly provider: string;
  readonly requestUsage: boolean;
  readonly background: BackgroundWatch;
}

function observed(create: Method, method: OpenAIMethod, wrapping: Wrapping): Method {
  const { recorder, background } = wrapping;

  function observe(
    call: ObservedCall,
    promise: unknown,
    signal: AbortSignal | undefined,
    requested: boolean,
  ): unknown {
    if (!isLazyPromise(promise)) {
      call.drop();
      recorder.lose('unsupported_sdk');
      return promise;
    }
    const endOf = (error: unknown) => classifyError(error, signal?.aborted === true);
    return observePromise(promise, {
      call,
      recorder,
      endOf,
      onValue(value) {
        const answer = (value ?? {}) as Answer;
        if (typeof answer['iterator'] === 'function') {
          observeStream(answer, call, method.readStream(call.facts, requested), endOf);
          return;
        }
        method.read(call.facts, answer);
        const state =
          method.operation === 'responses' && 'status' in answer ? responseEnd(answer) : undefined;
        const pending = answer['status'] === 'queued' || answer['status'] === 'in_progress';
        if (pending) background.remember(call);
        call.end(state ?? { status: 'ok', complete: !pending });
      },
    });
  }

  function observeStream(
    stream: Answer,
    call: ObservedCall,
    reader: StreamReader,
    endOf: (error: unknown) => ReturnType<typeof classifyError>,
  ): void {
    const open = stream['iterator'] as () => AsyncIterator<Answer>;
    const { controller } = stream as { controller?: AbortController };
    const finish = (whole: boolean): void => safely(recorder, () => call.end(reader.end(whole)));
    call.handToHost();
    recorder.watch();
    (stream as { iterator: unknown }).iterator = () =>
      watchIterator(open.call(stream), {
        asked: () => {
          call.idleSince = undefined;
        },
        item(item) {
          let shown = true;
          safely(recorder, () => {
            shown = reader.item(item);
            call.chunkPassed();
          });
          return shown;
        },
        // The SDK ends an aborted stream as if it were complete.
        ended: () => finish(controller?.signal.aborted !== true),
        failed: (error) => safely(recorder, () => call.end(endOf(error))),
        left: () => finish(false),
      });
  }

  return function (this: unknown, ...parameters) {
    let call: ObservedCall | undefined;
    let requested = false;
    const prepared = [...parameters];
    safely(recorder, () => {
      const body = (parameters[0] ?? {}) as Answer;
      const options = parameters[1] as object | undefined;
      const requestModel = typeof body['model'] === 'string' && body['model'] ? body['model'] : 'unknown';
      const started = new ObservedCall(recorder, {
        provider: wrapping.provider,
        operation: method.operation,
        requestModel: requestModel.slice(0, 200),
      });
      const streamOptions = body['stream_options'] as Answer | null | undefined;
      requested =
        method.usageOnRequest &&
        wrapping.requestUsage &&
        body['stream'] === true &&
        streamOptions?.['include_usage'] !== true;
      if (requested) prepared[0] = { ...body, stream_options: { ...streamOptions, include_usage: true } };
      if (options === undefined || !('then' in options)) prepared[1] = { ...options, [callKey]: started };
      call = started;
    });
    if (!call) return create.apply(this, parameters);
    const signal = (parameters[1] as { signal?: AbortSignal } | undefined)?.signal;
    let promise: unknown;
    try {
      promise = create.apply(this, prepared);
    } catch (error) {
      const started = call;
      safely(recorder, () => started.end(classifyError(error, signal?.aborted === true)));
      throw error;
    }
    return observe(call, promise, signal, requested);
  };
}
