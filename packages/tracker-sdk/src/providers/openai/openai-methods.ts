import type { KnownFacts } from '../../observe/observe-call.ts';
import { readFacts, readResponse, type Answer } from './read-result.ts';
import { readChatStream, readResponseStream, type StreamReader } from './read-stream.ts';

/** One entry point of the SDK that makes a call which is billed. Its helpers all lead to it. */
export interface OpenAIMethod {
  /** Where the resource sits on the client. */
  readonly path: readonly string[];
  readonly name: string;
  /** The event's `operation`. */
  readonly operation: string;
  /** Whether usage comes in a last chunk that has to be asked for. */
  readonly usageOnRequest: boolean;
  readonly read: (facts: KnownFacts, answer: Answer) => void;
  readonly readStream: (facts: KnownFacts, requested: boolean) => StreamReader;
}

const chat = { operation: 'chat', usageOnRequest: true, read: readFacts, readStream: readChatStream };
const responses = {
  operation: 'responses',
  usageOnRequest: false,
  read: readResponse,
  readStream: readResponseStream,
};

/** Every covered entry point. A path that a version of the SDK lacks is left out. */
export const openAIMethods: readonly OpenAIMethod[] = [
  { path: ['chat', 'completions'], name: 'create', ...chat },
  { path: ['completions'], name: 'create', ...chat, operation: 'text_completion' },
  { path: ['responses'], name: 'create', ...responses },
  { path: ['responses'], name: 'compact', ...responses },
  { path: ['beta', 'responses'], name: 'create', ...responses },
  { path: ['embeddings'], name: 'create', ...chat, operation: 'embeddings', usageOnRequest: false },
];
