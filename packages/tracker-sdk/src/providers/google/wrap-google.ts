import type {
  CallEnd,
  CallRecorder,
  CallSource,
  KnownFacts,
  ObservedCall,
} from '../../observe/call-recorder.ts';
import { classifyError, doneEnd, failedEnd } from '../../observe/classify-error.ts';
import { type CallObserver, safely } from '../../observe/observe-promise.ts';
import { observeResult } from '../../observe/observe-result.ts';
import { watcherOf, watchIterator } from '../../observe/observe-stream.ts';
import { install, put } from '../../observe/install.ts';
import { wrapMark } from '../../observe/wrap-mark.ts';
import { googleMethods } from './google-methods.ts';
import { type Answer, fieldsOf, textOf } from '../../observe/read-value.ts';
import { modelName, readAnswers } from './read-answer.ts';
import { watchInteractions } from './watch-interactions.ts';
import { watchRequests } from './watch-requests.ts';

/** Settings of {@link wrapGoogle}. */
export interface WrapGoogleOptions {
  /** Name of the provider on every call. Default: `google`, for the Gemini API and for Vertex AI. */
  readonly provider?: string | undefined;
}

/** What of a client is used. Everything is looked for before it is relied on. */
interface GoogleClient {
  readonly models?: object;
  readonly chats?: object;
  [wrapMark]?: (recorder: CallRecorder) => object;
}

interface ApiClient {
  isVertexAI?(): unknown;
  getProject?(): unknown;
  getLocation?(): unknown;
}

type Maker = new (...parameters: unknown[]) => object;

/**
 * Counts every request that a Google Gen AI client makes: content as JSON and as streams, interactions, embeddings and
 * images, of the Gemini API and of Vertex AI, also through chats, and one call a turn when functions are called
 * automatically. Returns the same client: its types, helpers, streams, cancellation and errors stay its own. Wrapping
 * twice does nothing. A client without the hooks that observing needs is returned untouched, and `unsupported_sdk` is
 * counted.
 *
 * @example
 * const google = wrapGoogle(new GoogleGenAI({ apiKey }), tracker);
 * await google.models.generateContent({ model: 'gemini-2.5-flash', contents: 'Hello' });
 */
export function wrapGoogle<Client extends object>(
  client: Client,
  { recorder }: CallSource,
  { provider = 'google' }: WrapGoogleOptions = {},
): Client {
  const { models, chats, [wrapMark]: wrapped } = client as GoogleClient;
  if (wrapped) return client;
  if (!models || !('generateContentInternal' in models) || !('apiClient' in models)) {
    recorder.lose('unsupported_sdk');
    return client;
  }
  const { apiClient } = models as { apiClient: unknown };
  const factsOf = (model: unknown) => ({ provider, ...placeOf(models, model) });
  const twin = (next: CallRecorder): object => {
    const own = new (models.constructor as Maker)(apiClient);
    watchModels(own, next, provider);
    const talks = chats && new (chats.constructor as Maker)(own, apiClient);
    // Without interactions of its own it would get those of the first client.
    const place = { value: undefined, writable: true };
    const parts = { models: { value: own }, chats: { value: talks }, _interactions: place };
    const copy = Object.create(client, parts) as object;
    watchInteractions(copy, next, factsOf);
    return copy;
  };
  Object.defineProperty(client, wrapMark, { value: twin });
  watchModels(models, recorder, provider);
  watchInteractions(client, recorder, factsOf);
  return client;
}

/** Where a call runs on Vertex AI, and whose it is there. The Gemini API has no regions. */
function placeOf(models: object, model: unknown): Pick<KnownFacts, 'region' | 'providerIds'> {
  const { apiClient } = models as { apiClient?: ApiClient };
  if (!apiClient?.isVertexAI?.()) return {};
  const [, named] = /locations\/([^/]+)/.exec(String(model)) ?? [];
  const projectId = textOf(apiClient.getProject?.());
  return {
    region: textOf(named ?? apiClient.getLocation?.()),
    providerIds: projectId ? { projectId } : undefined,
  };
}

interface Request {
  readonly model?: unknown;
  readonly contents?: unknown;
  readonly prompt?: unknown;
  readonly config?: {
    readonly systemInstruction?: unknown;
    readonly tools?: unknown;
    readonly maxOutputTokens?: unknown;
    readonly abortSignal?: AbortSignal;
  };
}

function watchModels(models: object, recorder: CallRecorder, provider: string): void {
  for (const [name, operation] of googleMethods) {
    install(
      models,
      name,
      (original) =>
        function (this: unknown, ...parameters) {
          const [request] = parameters as [Request | undefined];
          let call: ObservedCall | undefined;
          safely(recorder, () => {
            const { model, contents, prompt, config } = request ?? {};
            const { systemInstruction, tools, maxOutputTokens } = config ?? {};
            call = recorder.start(
              { provider, operation, requestModel: modelName(model) ?? 'unknown', ...placeOf(models, model) },
              { body: [contents, prompt, systemInstruction, tools], maxOutputTokens },
            );
          });
          if (!call) return original.apply(this, parameters);
          const observer: CallObserver = {
            call,
            recorder,
            endOf: (error) => endOf(error, request?.config?.abortSignal),
          };
          const target = watchRequests(this as object, call, recorder);
          return observeResult(
            () => original.apply(target, parameters) as Promise<unknown>,
            observer,
            (value) => observeAnswer(value, observer, request?.config?.abortSignal),
          );
        },
    );
  }
}

/** The SDK aborts a request by itself for one reason only: it took too long. */
function endOf(error: unknown, signal: AbortSignal | undefined): CallEnd {
  const aborted = !!signal?.aborted;
  const expired = !aborted && (error as { name?: unknown } | undefined)?.name === 'AbortError';
  return expired ? failedEnd('', 'timeout') : classifyError(error, aborted);
}

function observeAnswer(value: unknown, observer: CallObserver, signal: AbortSignal | undefined): void {
  const { call, recorder } = observer;
  const answer = fieldsOf(value) as Answer & AsyncGenerator<unknown>;
  const reader = readAnswers(call.facts);
  if (typeof answer.next !== 'function') {
    safely(recorder, () => reader.item(answer));
    return call.end(doneEnd);
  }
  const [next, leave, fail] = [answer.next, answer.return, answer.throw];
  const source = {
    next: () => next.call(answer),
    return: (result: unknown) => leave.call(answer, result),
    throw: (error: unknown) => fail.call(answer, error),
  } as AsyncGenerator<unknown>;
  const watched = watchIterator(source, watcherOf(observer, reader, signal));
  // The stream stays the SDK's own object; only how it moves on is ours.
  for (const move of ['next', 'return', 'throw'] as const) put(answer, move, watched[move]);
}
