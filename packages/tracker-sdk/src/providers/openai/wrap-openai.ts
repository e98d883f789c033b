import { admitRequests } from '../../observe/admit-requests.ts';
import type { CallRecorder, CallSource, ObservedCall } from '../../observe/call-recorder.ts';
import { classifyError } from '../../observe/classify-error.ts';
import { type CallObserver, isLazyPromise, observePromise, safely } from '../../observe/observe-promise.ts';
import { install, installAt } from '../../observe/install.ts';
import { callKey, watchAttempts } from '../../observe/watch-attempts.ts';
import { wrapMark } from '../../observe/wrap-mark.ts';
import { hostFacts } from './hosts.ts';
import { observeAnswer, observeStored } from './observe-answer.ts';
import { openAIMethods, openAIReads } from './openai-methods.ts';
import { readHeaders } from './read-headers.ts';
import { type Answer, fieldsOf, textOf } from '../../observe/read-value.ts';
import { limitOf } from './read-result.ts';

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
  /** Of a client for Azure's dated API. */
  readonly apiVersion?: unknown;
  /** What such a client calls, whatever model a request names. */
  readonly deploymentName?: unknown;
  readonly _options?: { readonly apiKey?: unknown };
  withOptions?(options: unknown): object;
  makeRequest?: unknown;
  [wrapMark]?: (recorder: CallRecorder) => object;
}

/**
 * Counts every call that an OpenAI client makes: chat completions, responses, embeddings, pictures and sound, as JSON and
 * as streams, also through `parse`, `stream`, `runTools` and `withOptions`. `AzureOpenAI` and clients of compatible hosts
 * are clients like any other. Returns the same client: its types, helpers, streams, cancellation and errors stay its own.
 * Wrapping twice does nothing. A client without the hooks that observing needs is returned untouched, and
 * `unsupported_sdk` is counted.
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
  const { withOptions, makeRequest, baseURL, apiVersion, [wrapMark]: wrapped } = client as OpenAIClient;
  if (wrapped) return client;
  if (!makeRequest || !withOptions) {
    recorder.lose('unsupported_sdk');
    return client;
  }
  const host = hostFacts(baseURL, apiVersion);
  const { provider = host.provider, requestUsage = host.takesUsageRequest } = options;
  const { region } = host;
  const derive = (overrides: unknown, next: CallRecorder): object =>
    wrapOpenAI(withOptions.call(client, overrides), { recorder: next }, options);
  Object.defineProperty(client, wrapMark, {
    value: (next: CallRecorder) => derive(ownOptions(client), next),
  });
  install(client, 'withOptions', () => (overrides) => derive(overrides, recorder));
  watchAttempts(client, recorder);
  admitRequests(client, recorder);

  for (const [path, operation, format] of openAIReads)
    installAt(
      client,
      path,
      (original) =>
        function (this: unknown, ...parameters) {
          const facts = { provider, operation, requestModel: 'unknown', region };
          return observeStored(original.apply(this, parameters), recorder, { facts, format });
        },
    );

  for (const [path, operation, format] of openAIMethods)
    installAt(
      client,
      path,
      (original) =>
        function (this: unknown, ...parameters) {
          const [body = {}, given] = parameters as [Answer | undefined, { signal?: AbortSignal } | undefined];
          const prepared = [...parameters];
          let call: ObservedCall | undefined;
          let requested = false;
          safely(recorder, () => {
            const { model, stream, stream_options: wishes } = body;
            const { deploymentName } = client as OpenAIClient;
            const started = recorder.start(
              {
                provider,
                operation,
                requestModel: textOf(model) ?? textOf(deploymentName) ?? 'unknown',
                region,
              },
              // Only where text is written can what was not told be estimated from what passed by.
              format.text && { body, maxOutputTokens: limitOf(body) },
            );
            requested =
              requestUsage && operation === 'chat' && !!stream && !fieldsOf(wishes)['include_usage'];
            if (requested)
              prepared[0] = { ...body, stream_options: { ...(wishes as object), include_usage: true } };
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
              readHeaders(facts, fieldsOf(error)['headers']);
              return classifyError(error, !!given?.signal?.aborted);
            },
          };
          try {
            const promise = original.apply(this, prepared);
            if (isLazyPromise(promise)) {
              return observePromise(promise, observer, (value, headers) => {
                readHeaders(facts, headers);
                observeAnswer(fieldsOf(value), observer, { format, body, requested });
              });
            }
            call.drop();
            recorder.lose('unsupported_sdk');
            return promise;
          } catch (error) {
            safely(recorder, () => observer.call.end(observer.endOf(error)));
            throw error;
          }
        },
    );
  return client;
}

/** What older SDKs forget when they copy a client: Azure's version and deployment, and how to get a fresh token. */
function ownOptions(client: OpenAIClient): object {
  const { apiVersion, deploymentName: deployment, _options } = client;
  const apiKey = _options?.apiKey;
  return {
    ...(apiVersion === undefined ? {} : { apiVersion, deployment }),
    ...(typeof apiKey === 'function' ? { apiKey } : {}),
  };
}
