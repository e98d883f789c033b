import type { CallSource } from '../../observe/call-recorder.ts';
import { observeModelCall } from './observe-model-call.ts';

/** What the AI SDK hands to a middleware, as far as it is used here. */
interface WrapOptions {
  readonly params: object;
  readonly model: object;
}

/** A middleware of `wrapLanguageModel`, `wrapEmbeddingModel` and `wrapImageModel`, in majors 5, 6 and 7 of the AI SDK. */
export interface TallykitMiddleware<Version extends string = string> {
  /** Only said, never read: the same middleware serves every version. */
  readonly specificationVersion: Version;
  readonly wrapGenerate: <Result>(
    options: WrapOptions & { readonly doGenerate: () => PromiseLike<Result> },
  ) => Promise<Result>;
  readonly wrapStream: <Result>(
    options: WrapOptions & { readonly doStream: () => PromiseLike<Result> },
  ) => Promise<Result>;
  readonly wrapEmbed: <Result>(
    options: WrapOptions & { readonly doEmbed: () => PromiseLike<Result> },
  ) => Promise<Result>;
}

/**
 * Counts every call that a model of the AI SDK makes: each step of an agent is one call, a stream is recorded when it
 * ends, is left or aborted. The same middleware serves language, embedding and image models. Put it last in a list of
 * middlewares, nearest to the model, so that it sees what is really sent.
 *
 * `Version` is the one that the AI SDK's types ask for and is found by TypeScript: `v3` in major 6, `v4` in major 7.
 *
 * @example
 * const model = wrapLanguageModel({ model: openai('gpt-4o-mini'), middleware: tallykitMiddleware(tracker) });
 */
export function tallykitMiddleware<Version extends string = 'v4'>({
  recorder,
}: CallSource): TallykitMiddleware<Version> {
  const observed = <Result>(
    name: string,
    { model, params }: WrapOptions,
    perform: () => PromiseLike<Result>,
  ): Promise<Result> =>
    observeModelCall(recorder, { name, model, parameters: params }, perform) as Promise<Result>;
  return {
    specificationVersion: 'v4' as string as Version,
    wrapGenerate: (options) => observed('doGenerate', options, options.doGenerate),
    wrapStream: (options) => observed('doStream', options, options.doStream),
    wrapEmbed: (options) => observed('doEmbed', options, options.doEmbed),
  };
}
