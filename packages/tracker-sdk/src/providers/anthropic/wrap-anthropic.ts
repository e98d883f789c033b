import { admitRequests } from '../../observe/admit-requests.ts';
import type { CallRecorder, CallSource, ObservedCall } from '../../observe/call-recorder.ts';
import { type CallObserver, isLazyPromise, observePromise, safely } from '../../observe/observe-promise.ts';
import { type StreamWatcher, watcherOf, watchOnce } from '../../observe/observe-stream.ts';
import { install, installAt, type Method, placeIn } from '../../observe/install.ts';
import { seePromise } from '../../observe/see-promise.ts';
import { callKey, watchAttempts } from '../../observe/watch-attempts.ts';
import { wrapMark } from '../../observe/wrap-mark.ts';
import { anthropicBatches, anthropicMethods } from './anthropic-methods.ts';
import { clientFacts } from './hosts.ts';
import { observeResults } from './read-batch.ts';
import { advisorCalls, endOfError, providerIdsOf, readMessage, readReport } from './read-message.ts';
import { doneEnd } from '../../observe/classify-error.ts';
import { type Answer, fieldsOf, textOf } from '../../observe/read-value.ts';
import { readStream } from './read-stream.ts';
import { watchBody } from './watch-body.ts';

/** Settings of {@link wrapAnthropic}. */
export interface WrapAnthropicOptions {
  /**
   * Name of the provider on every call. Default: known by the client's base URL and by its kind, such as `anthropic`,
   * `aws` for Bedrock or `google` for Vertex.
   */
  readonly provider?: string | undefined;
}

/** What of a client is used. Everything is looked for before it is relied on. */
interface AnthropicClient {
  withOptions?(options: unknown): object;
  makeRequest?: unknown;
  [wrapMark]?: (recorder: CallRecorder) => object;
}

/**
 * Counts every call that an Anthropic client makes: messages as JSON and as streams, also through `stream`, `parse`,
 * `toolRunner`, `beta` and `withOptions`, and the results of message batches; on Bedrock and Vertex too. Returns the same
 * client: its types, helpers, streams, cancellation and errors stay its own. Wrapping twice does nothing. A client
 * without the hooks that observing needs is returned untouched, and `unsupported_sdk` is counted.
 *
 * @example
 * const anthropic = wrapAnthropic(new Anthropic(), tracker);
 * await anthropic.messages.create({ model: 'claude-sonnet-4-5', max_tokens: 1024, messages });
 */
export function wrapAnthropic<Client extends object>(
  client: Client,
  { recorder }: CallSource,
  options: WrapAnthropicOptions = {},
): Client {
  const { withOptions, makeRequest, [wrapMark]: wrapped } = client as AnthropicClient;
  if (wrapped) return client;
  if (!makeRequest || !withOptions) {
    recorder.lose('unsupported_sdk');
    return client;
  }
  const { provider: known, region } = clientFacts(client);
  const { provider = known } = options;
  const derive = (overrides: unknown, next: CallRecorder): object =>
    wrapAnthropic(withOptions.call(client, overrides), { recorder: next }, options);
  Object.defineProperty(client, wrapMark, { value: (next: CallRecorder) => derive({}, next) });
  install(client, 'withOptions', () => (overrides) => derive(overrides, recorder));
  watchAttempts(client, recorder);
  admitRequests(client, recorder);

  for (const [path, operation] of anthropicMethods) {
    installAt(client, path, (original) => {
      const start = (body: Answer | undefined): ObservedCall =>
        recorder.start(
          { provider, operation, region, requestModel: textOf(body?.['model']) ?? 'unknown' },
          { body, maxOutputTokens: body?.['max_tokens'] ?? body?.['max_tokens_to_sample'] },
        );
      return observed(original, recorder, start);
    });
  }
  const told = new Set<unknown>();
  for (const path of anthropicBatches) {
    install(
      placeIn(client, path.split('.')),
      'results',
      (original) =>
        function (this: unknown, ...parameters) {
          const results = original.apply(this, parameters);
          const [id] = parameters;
          const reading = { recorder, provider, withFailures: !told.has(id), onRead: () => told.add(id) };
          return seePromise(
            results as Promise<unknown>,
            (lines) => safely(recorder, () => observeResults(lines, reading)),
            () => undefined,
          );
        },
    );
  }
  return client;
}

/** The method that makes a call, observed from its start. */
function observed(
  original: Method,
  recorder: CallRecorder,
  start: (body: Answer | undefined) => ObservedCall,
): Method {
  return function (this: unknown, ...parameters) {
    const [body, given] = parameters as [Answer | undefined, { signal?: AbortSignal } | undefined];
    const prepared = [...parameters];
    let call: ObservedCall | undefined;
    safely(recorder, () => {
      const started = start(body);
      // Options that are still a promise stay one; then only the SDK's own retries remain unseen.
      if (!given || !('then' in given)) prepared[1] = { ...given, [callKey]: started };
      call = started;
    });
    if (!call) return original.apply(this, parameters);
    const { facts } = call;
    const observer: CallObserver = {
      call,
      recorder,
      endOf(error) {
        facts.providerIds ??= providerIdsOf(fieldsOf(error)['headers']);
        return endOfError(error, !!given?.signal?.aborted);
      },
    };
    try {
      const promise = original.apply(this, prepared);
      if (!isLazyPromise(promise)) {
        call.drop();
        recorder.lose('unsupported_sdk');
        return promise;
      }
      const lazy = observePromise(promise, observer, (value, headers) => {
        facts.providerIds = providerIdsOf(headers);
        observeAnswer(fieldsOf(value), observer);
      });
      if (body?.['stream']) observeParts(lazy, observer);
      return lazy;
    } catch (error) {
      safely(recorder, () => observer.call.end(observer.endOf(error)));
      throw error;
    }
  };
}

function observeAnswer(answer: Answer, observer: CallObserver): void {
  const { call } = observer;
  if (watchOnce(answer, 'iterator', messageWatcher(observer, answer['controller']))) return;
  readMessage(call.facts, answer);
  recordAdvisors(observer, answer['usage']);
  call.end(doneEnd);
}

/** Sees a stream whose answer a helper of the SDK takes before it is parsed, as its threads do. */
function observeParts(promise: unknown, observer: CallObserver): void {
  install(
    promise,
    '_responseProps',
    (original) =>
      async function (this: unknown) {
        const parts = (await original.apply(this, [])) as {
          response: Response;
          controller?: unknown;
        };
        safely(observer.recorder, () =>
          watchBody(parts.response, messageWatcher(observer, parts.controller)),
        );
        return parts;
      },
  );
}

function messageWatcher(observer: CallObserver, controller: unknown): StreamWatcher<unknown> {
  const reader = readStream(observer.call.facts);
  // The SDK ends an aborted stream as if it were complete.
  const { signal } = (controller ?? {}) as Partial<AbortController>;
  const watcher = watcherOf(observer, reader, signal);
  return {
    ...watcher,
    ended(left) {
      safely(observer.recorder, () => recordAdvisors(observer, reader.reported()));
      watcher.ended(left);
    },
  };
}

/** A model that the provider let advise another is billed at its own rates: a call of its own. */
function recordAdvisors({ call, recorder }: CallObserver, reported: unknown): void {
  const { provider, operation, region } = call.facts;
  for (const { requestModel, report } of advisorCalls(reported)) {
    const advisor = recorder.start({ provider, operation, region, requestModel });
    readReport(advisor.facts, {}, report);
    advisor.end(doneEnd);
  }
}
