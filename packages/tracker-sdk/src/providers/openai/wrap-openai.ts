import type { CallRecorder, CallSource, ObservedCall } from '../../observe/call-recorder.ts';
import { classifyError } from '../../observe/classify-error.ts';
import { type CallObserver, isLazyPromise, observePromise, safely } from '../../observe/observe-promise.ts';
import { watchIterator } from '../../observe/observe-stream.ts';
import { callKey, install, watchAttempts } from '../../observe/watch-attempts.ts';
import { wrapMark } from '../../observe/wrap-mark.ts';
import { hostFacts } from './hosts.ts';
import { type AnswerFormat, openAIMethods } from './openai-methods.ts';
import { type Answer, limitOf, responseEnd, textOf } from './read-result.ts';
import { writtenIn } from './read-stream.ts';

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

/** What of a client is used. Everything is looked for before it is relied on. */
interface OpenAIClient {
  readonly baseURL?: unknown;
  withOptions?(options: unknown): object;
  makeRequest?: unknown;
  [wrapMark]?: (recorder: CallRecorder) => object;
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
  const { withOptions, makeRequest, baseURL, [wrapMark]: wrapped } = client as OpenAIClient;
  if (wrapped) return client;
  if (!makeRequest || !withOptions) {
    recorder.lose('unsupported_sdk');
    return client;
  }
  const host = hostFacts(baseURL);
  const { provider = host.provider, requestUsage = host.takesUsageRequest } = options;
  const derive = (overrides: unknown, next: CallRecorder): object =>
    wrapOpenAI(withOptions.call(client, overrides), { recorder: next }, options);
  Object.defineProperty(client, wrapMark, { value: (next: CallRecorder) => derive({}, next) });
  install(client, 'withOptions', () => (overrides) => derive(overrides, recorder));
  watchAttempts(client, recorder);

  for (const [path, operation, format] of openAIMethods) {
    const keys = path.split('.');
    const name = keys.pop() ?? '';
    const resource = keys.reduce<unknown>((holder, key) => (holder as Answer | undefined)?.[key], client);
    install(
      resource,
      name,
      (original) =>
        function (this: unknown, ...parameters) {
          const [body, given] = parameters as [Answer | undefined, { signal?: AbortSignal } | undefined];
          const prepared = [...parameters];
          let call: ObservedCall | undefined;
          let requested = false;
          safely(recorder, () => {
            const { model, stream, stream_options: wishes } = body ?? {};
            const started = recorder.start(
              { provider, operation, requestModel: textOf(model) ?? 'unknown' },
              { body, maxOutputTokens: body && limitOf(body) },
            );
            requested =
              requestUsage &&
              operation === 'chat' &&
              !!stream &&
              !(wishes as Answer | undefined)?.['include_usage'];
            if (requested)
              prepared[0] = { ...body, stream_options: { ...(wishes as object), include_usage: true } };
            // Options that are still a promise stay one; then only the SDK's own retries remain unseen.
            if (!given || !('then' in given)) prepared[1] = { ...given, [callKey]: started };
            call = started;
          });
          if (!call) return original.apply(this, parameters);
          const observer: CallObserver = {
            call,
            recorder,
            endOf: (error) => classifyError(error, !!given?.signal?.aborted),
          };
          try {
            const promise = original.apply(this, prepared);
            if (isLazyPromise(promise)) {
              return observePromise(promise, observer, (value) =>
                observeAnswer((value ?? {}) as Answer, format, observer, {
                  requested,
                  made: name !== 'retrieve',
                }),
              );
            }
            call.drop();
            recorder.lose('unsupported_sdk');
            return promise;
          } catch (error) {
            call.end(observer.endOf(error));
            throw error;
          }
        },
    );
  }
  return client;
}

function observeAnswer(
  answer: Answer,
  { read, readStream }: AnswerFormat,
  { call, recorder, endOf }: CallObserver,
  { requested, made }: { readonly requested: boolean; readonly made: boolean },
): void {
  const { iterator: open, controller, status, background } = answer;
  if (typeof open !== 'function') {
    read(call.facts, answer);
    const pending = status === 'queued' || status === 'in_progress';
    // A retrieve makes no call, and a response made in the foreground has told its usage already.
    if (!made && (pending || !background)) return call.drop();
    return call.end(responseEnd(answer) ?? { status: 'ok', complete: !pending });
  }
  const reader = readStream(call.facts, requested);
  let opened = false;
  const iterator = (): unknown => {
    const source = open.call(answer) as AsyncGenerator<Answer>;
    // A stream can be read once. A second attempt fails by itself and says nothing about the first.
    if (opened) return source;
    opened = true;
    return watchIterator(source, {
      item(item) {
        try {
          call.chunk(writtenIn(item));
          return reader.item(item);
        } catch {
          recorder.lose('observer_failed');
          return true;
        }
      },
      // The SDK ends an aborted stream as if it were complete.
      ended: (left) => call.end(reader.end(!left && !(controller as AbortController)?.signal.aborted)),
      failed: (error) => call.end(endOf(error)),
    });
  };
  Object.assign(answer, { iterator });
}
