import type { KnownFacts } from '../../observe/call-recorder.ts';
import type { StreamReader } from '../../observe/observe-stream.ts';
import type { Answer } from '../../observe/read-value.ts';
import { readConverse, readInvoked } from './read-answer.ts';
import { readConverseStream, readInvokedStream } from './read-stream.ts';

/** How the answers of one command are read. */
export interface AnswerFormat {
  readonly read: (facts: KnownFacts, answer: Answer, headers: unknown) => void;
  readonly readStream: (facts: KnownFacts) => StreamReader;
  /** Where its stream is, when it answers with one. */
  readonly stream?: 'stream' | 'body';
  /** Whether the request has messages of its own, or bytes in the format of the model. */
  readonly speaks: 'converse' | 'bytes';
}

const converse = { read: readConverse, readStream: readConverseStream, speaks: 'converse' } as const;
const invoke = { read: readInvoked, readStream: readInvokedStream, speaks: 'bytes' } as const;

/**
 * Every covered command, by the name that the SDK gives its middleware: a text that bundlers leave alone. CountTokens,
 * guardrails and the lists of asynchronous invocations are not billed as calls and pass by.
 */
export const bedrockMethods: ReadonlyMap<string, AnswerFormat> = new Map<string, AnswerFormat>([
  ['ConverseCommand', converse],
  ['ConverseStreamCommand', { ...converse, stream: 'stream' }],
  ['InvokeModelCommand', invoke],
  ['InvokeModelWithResponseStreamCommand', { ...invoke, stream: 'body' }],
]);
