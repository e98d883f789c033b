import type { KnownFacts } from '../../observe/call-recorder.ts';
import { readFacts, readResponse, type Answer } from './read-result.ts';
import { readChatStream, readResponseStream, type StreamReader } from './read-stream.ts';

/** How the answers of one family of entry points are read. */
export interface AnswerFormat {
  readonly read: (facts: KnownFacts, answer: Answer) => void;
  readonly readStream: (facts: KnownFacts, requested: boolean) => StreamReader;
}

const completions: AnswerFormat = { read: readFacts, readStream: readChatStream };
const responses: AnswerFormat = { read: readResponse, readStream: readResponseStream };

/** Every covered entry point, by its place on the client. A place that a version of the SDK lacks is left out. */
export const openAIMethods: readonly (readonly [path: string, operation: string, format: AnswerFormat])[] = [
  ['chat.completions.create', 'chat', completions],
  ['completions.create', 'text_completion', completions],
  ['embeddings.create', 'embeddings', completions],
  ['responses.create', 'responses', responses],
  ['responses.compact', 'responses', responses],
  ['beta.responses.create', 'responses', responses],
  // Makes no call, but tells the usage of one that ran in the background.
  ['responses.retrieve', 'responses', responses],
];
