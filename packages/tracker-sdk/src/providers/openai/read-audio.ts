import type { KnownFacts } from '../../observe/call-recorder.ts';
import { doneEnd } from '../../observe/classify-error.ts';
import type { StreamReader } from '../../observe/observe-stream.ts';
import { type Answer, fieldsOf } from '../../observe/read-value.ts';
import { readFacts } from './read-result.ts';
import { streamEnd } from './read-stream.ts';

/**
 * Takes what a transcription or a translation says: tokens, or the seconds of sound where the model is billed by them.
 * An answer that is bare text says nothing.
 */
export function readTranscript(facts: KnownFacts, answer: Answer): void {
  readFacts(facts, answer);
  const { seconds = answer['duration'] } = fieldsOf(answer['usage']);
  // Billed to the nearest second.
  const heard = typeof seconds === 'number' ? Math.round(seconds) : -1;
  if (!facts.usage && heard >= 0 && heard < 1e9) facts.usage = { seconds: heard };
}

/** Reads events of a transcription: its usage rides in the one that ends it. */
export function readTranscriptStream(facts: KnownFacts): StreamReader {
  const { end, ended } = streamEnd();
  return {
    item(event) {
      if (event['type'] === 'transcript.text.done') {
        readTranscript(facts, event);
        ended(doneEnd);
      }
      return '';
    },
    end,
  };
}

/** Speech is billed by the characters it was asked to speak; the answer is sound, which is left unread. */
export function readSpeech(facts: KnownFacts, _answer: Answer, { input }: Answer): void {
  if (typeof input === 'string') facts.usage = { characters: [...input].length };
}
