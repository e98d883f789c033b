import type { CallEnd, CallRecorder, CallSource, ObservedCall } from '../../observe/call-recorder.ts';
import { classifyError, doneEnd, failedEnd, statusEnd } from '../../observe/classify-error.ts';
import { type CallObserver, safely } from '../../observe/observe-promise.ts';
import { observeResult } from '../../observe/observe-result.ts';
import { install, placeIn } from '../../observe/install.ts';
import { watcherOf } from '../../observe/observe-stream.ts';
import { type Answer, fieldsOf, textOf } from '../../observe/read-value.ts';
import { callKey } from '../../observe/watch-attempts.ts';
import { isReadable, watchReadable } from '../../observe/watch-readable.ts';
import { wrapMark } from '../../observe/wrap-mark.ts';
import { mistralMethods } from './mistral-methods.ts';
import { readEvents, readFacts } from './read-answer.ts';
import { watchRequests } from './watch-requests.ts';

/** Settings of {@link wrapMistral}. */
export interface WrapMistralOptions {
  /** Name of the provider on every call. Default: `mistral`. */
  readonly provider?: string | undefined;
}

/** What of a client is used. Everything is looked for before it is relied on. */
interface MistralClient {
  readonly chat?: { readonly complete?: unknown };
  readonly _options?: object;
  readonly _baseURL?: unknown;
  [wrapMark]?: (recorder: CallRecorder) => object;
}

interface RequestOptions {
  readonly signal?: AbortSignal | null;
  readonly fetchOptions?: { readonly signal?: AbortSignal | null };
}

/**
 * Counts every call that a Mistral client makes: chat, agents, completions of code, embeddings, documents,
 * transcriptions and conversations, as JSON and as streams. Returns the same client: its types, streams, cancellation
 * and errors stay its own. Wrapping twice does nothing. A client without the hooks that observing needs is returned
 * untouched, and `unsupported_sdk` is counted. The standalone functions of the SDK go past the client and are not seen.
 *
 * @example
 * const mistral = wrapMistral(new Mistral({ apiKey }), tracker);
 * await mistral.chat.complete({ model: 'mistral-small-latest', messages });
 */
export function wrapMistral<Client extends object>(
  client: Client,
  { recorder }: CallSource,
  options: WrapMistralOptions = {},
): Client {
  const { chat, _options: settings, _baseURL: baseURL, [wrapMark]: wrapped } = client as MistralClient;
  if (wrapped) return client;
  if (!settings || typeof chat?.complete !== 'function') {
    recorder.lose('unsupported_sdk');
    return client;
  }
  const Maker = client.constructor as new (settings: object) => object;
  const value = (next: CallRecorder): object => wrapMistral(new Maker(settings), { recorder: next }, options);
  Object.defineProperty(client, wrapMark, { value });

  const { provider = 'mistral' } = options;
  const [, region] = /\/\/api\.(\w+)\.mistral\.ai/.exec(String(baseURL)) ?? [];
  const linked = new Set<object>();
  for (const [path, operation] of mistralMethods) {
    const keys = path.split('.');
    const name = keys.pop() ?? '';
    const resource = placeIn(client, keys);
    if (!resource) continue;
    if (!linked.has(resource)) watchRequests(resource, recorder);
    linked.add(resource);
    install(
      resource,
      name,
      (original) =>
        function (this: unknown, ...parameters) {
          const [body, given] = parameters as [Answer | undefined, RequestOptions | undefined];
          const prepared = [...parameters];
          const signal = given?.signal ?? given?.fetchOptions?.signal;
          let call: ObservedCall | undefined;
          safely(recorder, () => {
            const { model, agentId, maxTokens, completionArgs } = body ?? {};
            const requestModel = textOf(model) ?? textOf(agentId) ?? 'unknown';
            call = recorder.start(
              { provider, operation, requestModel, region },
              { body, maxOutputTokens: maxTokens ?? fieldsOf(completionArgs)['maxTokens'] },
            );
            prepared[1] = { ...given, [callKey]: call };
          });
          if (!call) return original.apply(this, parameters);
          const observer: CallObserver = {
            call,
            recorder,
            endOf: (error) => endOf(error, !!signal?.aborted),
          };
          return observeResult(
            () => original.apply(this, prepared) as Promise<unknown>,
            observer,
            (answer) => observeAnswer(answer, observer, signal),
          );
        },
    );
  }
  return client;
}

/** Errors of this SDK carry their status under a name of its own; a body that it cannot read has a good one. */
function endOf(error: unknown, aborted: boolean): CallEnd {
  const { statusCode, message, issues, rawValue } = fieldsOf(error);
  if (!aborted && typeof statusCode === 'number' && statusCode >= 400) return statusEnd(statusCode);
  if (!aborted && String(message).startsWith('Input validation failed'))
    return failedEnd('', 'invalid_request');
  if (!aborted && (statusCode || issues || rawValue)) return failedEnd('', 'invalid_response');
  return classifyError(error, aborted || message === 'Request aborted by client');
}

function observeAnswer(value: unknown, observer: CallObserver, signal: AbortSignal | null | undefined): void {
  const { call, recorder } = observer;
  if (isReadable(value)) return watchReadable(value, watcherOf(observer, readEvents(call.facts), signal));
  safely(recorder, () => readFacts(call.facts, fieldsOf(value)));
  call.end(doneEnd);
}
