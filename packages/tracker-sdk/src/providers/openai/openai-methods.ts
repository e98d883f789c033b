import type { StreamReader } from '../../observe/observe-stream.ts';
import type { Answer } from '../../observe/read-value.ts';
import type { KnownFacts } from '../../observe/call-recorder.ts';
import { readSpeech, readTranscript, readTranscriptStream } from './read-audio.ts';
import { readImages, readImageStream } from './read-images.ts';
import { readFacts, readResponse } from './read-result.ts';
import { readChatStream, readResponseStream } from './read-stream.ts';

/** How the answers of one family of entry points are read. */
export interface AnswerFormat {
  readonly read: (facts: KnownFacts, answer: Answer, body: Answer) => void;
  readonly readStream: (facts: KnownFacts, requested: boolean) => StreamReader;
  /** Absent where the model reads or writes something else than text. */
  readonly text?: true;
}

export const completions: AnswerFormat = { read: readFacts, readStream: readChatStream, text: true };
export const responses: AnswerFormat = { read: readResponse, readStream: readResponseStream, text: true };
export const images: AnswerFormat = { read: readImages, readStream: readImageStream };
export const transcripts: AnswerFormat = { read: readTranscript, readStream: readTranscriptStream };
export const speech: AnswerFormat = { read: readSpeech, readStream: readTranscriptStream };

/** One covered entry point, by its place on the client. */
export type OpenAIMethod = readonly [path: string, operation: string, format: AnswerFormat];

/** Every covered entry point that makes a call. A place that a version of the SDK lacks is left out. */
export const openAIMethods: readonly OpenAIMethod[] = [
  ['chat.completions.create', 'chat', completions],
  ['completions.create', 'text_completion', completions],
  ['embeddings.create', 'embeddings', completions],
  ['responses.create', 'responses', responses],
  ['responses.compact', 'responses', responses],
  ['beta.responses.create', 'responses', responses],
  ['beta.responses.compact', 'responses', responses],
  ['images.generate', 'images', images],
  ['images.edit', 'images', images],
  ['audio.transcriptions.create', 'transcription', transcripts],
  ['audio.translations.create', 'translation', transcripts],
  ['audio.speech.create', 'speech', speech],
];

/** Entry points that make no call, but tell the usage of one that ran in the background. */
export const openAIReads: readonly OpenAIMethod[] = [
  ['responses.retrieve', 'responses', responses],
  ['responses.cancel', 'responses', responses],
  ['beta.responses.retrieve', 'responses', responses],
  ['beta.responses.cancel', 'responses', responses],
];
