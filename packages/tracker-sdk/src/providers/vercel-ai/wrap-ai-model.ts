import type { CallRecorder, CallSource } from '../../observe/call-recorder.ts';
import type { Method } from '../../observe/install.ts';
import { wrapMark } from '../../observe/wrap-mark.ts';
import { modelMethods } from './model-methods.ts';
import { observeModelCall } from './observe-model-call.ts';
import { fieldsOf } from '../../observe/read-value.ts';

/** What the AI SDK reads of a model. A copy reads them from the model itself, whose fields may be private. */
const fieldNames =
  'specificationVersion provider modelId supportedUrls maxEmbeddingsPerCall supportsParallelCalls maxImagesPerCall';

/**
 * Counts every call of a model of the AI SDK, without `wrapLanguageModel`: language models (`doGenerate`, `doStream`),
 * embedding models (`doEmbed`) and image models. Returns the same model, so that it works wherever the model did;
 * wrapping twice does nothing. A model that cannot be changed comes back as a copy. What is no model, such as a
 * model's name, is returned as it is, and `unsupported_sdk` is counted.
 *
 * @example
 * const model = wrapAIModel(openai('gpt-4o-mini'), tracker);
 * const { text } = await generateText({ model, prompt: 'Hello' });
 */
export function wrapAIModel<Model extends object>(model: Model, { recorder }: CallSource): Model {
  const given = fieldsOf(model);
  if ((given as { readonly [wrapMark]?: unknown })[wrapMark]) return model;
  const methods = Object.keys(modelMethods).flatMap((name): [string, Method][] => {
    const original = given[name];
    return typeof original === 'function' ? [[name, original as Method]] : [];
  });
  if (!methods.length) {
    recorder.lose('unsupported_sdk');
    return model;
  }

  /** Puts watched methods on the model, or on a copy of it. */
  const watch = (target: object, next: CallRecorder): object => {
    for (const [name, original] of methods) {
      const value: Method = (...parameters) =>
        observeModelCall(
          next,
          { name, model, parameters: parameters[0] },
          () => original.apply(model, parameters) as PromiseLike<unknown>,
        );
      Object.defineProperty(target, name, { value, writable: true, configurable: true });
    }
    return Object.defineProperty(target, wrapMark, { value: copy });
  };
  const copy = (next: CallRecorder): object => {
    const read = (name: string): [string, PropertyDescriptor][] =>
      name in given ? [[name, { get: () => given[name], enumerable: true }]] : [];
    return watch(Object.create(model, Object.fromEntries(fieldNames.split(' ').flatMap(read))), next);
  };

  return (Object.isExtensible(model) ? watch(model, recorder) : copy(recorder)) as Model;
}
