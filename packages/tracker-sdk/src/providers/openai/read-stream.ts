import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { doneEnd, failedEnd, untoldEnd } from '../../observe/classify-error.ts';
import type { StreamReader } from '../../observe/observe-stream.ts';
import { fieldsOf, listOf } from '../../observe/read-value.ts';
import { readFacts, readResponse, responseEnd } from './read-result.ts';
import { writtenInChunk, writtenInEvent } from './read-written.ts';

/** The end of a stream whose events tell it; without one it was aborted, or told no usage. */
export function streamEnd(): Pick<StreamReader, 'end'> & {
  readonly ended: (end: CallEnd | undefined) => void;
} {
  let told: CallEnd | undefined;
  return { ended: (end) => (told = end), end: (whole) => told ?? untoldEnd(whole) };
}

/**
 * Reads chunks of a chat completion. `requested` is true when the usage chunk was asked for by us: it is then hidden,
 * and so are the empty `usage` fields that come with it.
 */
export function readChatStream(facts: KnownFacts, requested: boolean): StreamReader {
  let finished = false;
  return {
    item(chunk) {
      const { usage } = chunk;
      const choices = listOf(chunk['choices']);
      const finishing = !finished && !!choices[0]?.['finish_reason'];
      finished ||= finishing;
      if (finishing || usage || !facts.responseId) readFacts(facts, chunk);
      if (requested && usage === null) delete (chunk as { usage?: unknown }).usage;
      const hidden = requested && usage && Array.isArray(chunk['choices']) && !choices.length;
      return hidden ? false : writtenInChunk(chunk);
    },
    end(whole) {
      if (facts.usage ? finished || whole : finished && whole) return doneEnd;
      return untoldEnd(whole, finished);
    },
  };
}

/** Reads events of the Responses API: usage and outcome ride in the last one. */
export function readResponseStream(facts: KnownFacts): StreamReader {
  const { end, ended } = streamEnd();
  return {
    item(event) {
      if (event['response']) {
        const response = fieldsOf(event['response']);
        readResponse(facts, response);
        ended(responseEnd(response));
      } else if (event['type'] === 'error') {
        ended(failedEnd(event['code'], 'server_error'));
      }
      return writtenInEvent(event);
    },
    end,
  };
}
