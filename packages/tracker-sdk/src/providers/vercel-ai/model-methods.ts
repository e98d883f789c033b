import type { StreamReader } from '../../observe/observe-stream.ts';
import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { type BilledTools, readEmbedded, readGenerated } from './read-answer.ts';
import { readImages } from './read-images.ts';
import { readModelStream } from './read-stream.ts';
import { type Answer, fieldsOf } from '../../observe/read-value.ts';

/** How the calls of one method of a model are read. */
export interface ModelMethod {
  readonly operation: string;
  /** The part of the parameters that the model reads. */
  readonly requested: (parameters: Answer) => unknown;
  readonly read: (facts: KnownFacts, answer: Answer, billed: BilledTools) => CallEnd;
  /** For methods whose answer holds a stream. */
  readonly readStream?: ((facts: KnownFacts, billed: BilledTools) => StreamReader) | undefined;
}

const messages = ({ prompt, tools, responseFormat }: Answer): unknown => ({
  prompt,
  tools,
  schema: fieldsOf(responseFormat)['schema'],
});

const generate: ModelMethod = { operation: 'chat', requested: messages, read: readGenerated };
const image: ModelMethod = { operation: 'images', requested: ({ prompt }) => prompt, read: readImages };

/** Every covered method of a model, by its name. */
export const modelMethods: Readonly<Record<string, ModelMethod>> = {
  doGenerate: generate,
  doStream: { ...generate, readStream: readModelStream },
  doEmbed: { operation: 'embeddings', requested: ({ values }) => values, read: readEmbedded },
};

/** What a call of a method turns out to be: language and image models share the name `doGenerate`. */
export function methodOf(name: string, parameters: Answer): ModelMethod | undefined {
  const { prompt } = parameters;
  if (name === 'doEmbed') return modelMethods[name];
  if (Array.isArray(prompt)) return modelMethods[name];
  // Transcription has no prompt, speech a `text`; an image model is asked for a number of images.
  return name === 'doGenerate' && typeof parameters['n'] === 'number' ? image : undefined;
}
