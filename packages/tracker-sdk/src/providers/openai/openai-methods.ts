import type { KnownFacts } from '../../observe/call-recorder.ts';
import { readFacts, readResponse, type Answer } from './read-result.ts';
import { readChatStream, readResponseStream, type StreamReader } from './read-stream.ts';

/** One entry point of the SDK that is observed. Its helpers all lead to it. */
export interface OpenAIMethod {
  /** Where it sits on the client. */
  readonly path: string;
  /** The event's `operation`. */
  readonly operation: string;
  readonly read: (facts: KnownFacts, answer: Answer) => void;
  readonly readStream: (facts: KnownFacts, requested: boolean) => StreamReader;
}

const chat = { read: readFacts, readStream: readChatStream };
const responses = { operation: 'responses', read: readResponse, readStream: readResponseStream };

/** Every covered entry point. A path that a version of the SDK lacks is left out. */
export const openAIMethods: readonly OpenAIMethod[] = [
  { path: 'chat.completions.create', operation: 'chat', ...chat },
  { path: 'completions.create', operation: 'text_completion', ...chat },
  { path: 'embeddings.create', operation: 'embeddings', ...chat },
  { path: 'responses.create', ...responses },
  { path: 'responses.compact', ...responses },
  { path: 'beta.responses.create', ...responses },
  // Makes no call, but tells the usage of one that ran in the background.
  { path: 'responses.retrieve', ...responses },
];
