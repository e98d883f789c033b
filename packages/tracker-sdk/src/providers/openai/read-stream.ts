import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { abortedEnd, failedEnd } from '../../observe/classify-error.ts';
import { readFacts, readResponse, responseEnd, type Answer } from './read-result.ts';

/** Reads a stream item by item. */
export interface StreamReader {
  /** `false` when the host must not see the item. */
  readonly item: (item: Answer) => boolean;
  /** How the call ended when nothing more comes. `whole` is false when the host left or aborted. */
  readonly end: (whole: boolean) => CallEnd;
}

/** An end of a call of which the host saw all it wanted, but we did not. */
const unfinishedEnd = (errorClass: string): CallEnd => ({ status: 'ok', complete: false, errorClass });

/** The end of a stream whose events tell it; without one it was aborted, or told no usage. */
export function streamEnd(): Pick<StreamReader, 'end'> & {
  readonly ended: (end: CallEnd | undefined) => void;
} {
  let told: CallEnd | undefined;
  return {
    ended: (end) => (told = end),
    end: (whole) => told ?? (whole ? unfinishedEnd('usage_absent') : abortedEnd),
  };
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
      const choices = chunk['choices'] as readonly Answer[] | undefined;
      const finishing = !finished && !!choices?.[0]?.['finish_reason'];
      finished ||= finishing;
      if (finishing || usage || !facts.responseId) readFacts(facts, chunk);
      if (requested && usage === null) delete (chunk as { usage?: unknown }).usage;
      return !(requested && usage && choices?.length === 0);
    },
    end(whole) {
      if (facts.usage ? finished || whole : finished && whole) return { status: 'ok', complete: true };
      if (finished) return unfinishedEnd('closed_before_usage');
      return whole ? unfinishedEnd('usage_absent') : abortedEnd;
    },
  };
}

/** Reads events of the Responses API: usage and outcome ride in the last one. */
export function readResponseStream(facts: KnownFacts): StreamReader {
  const { end, ended } = streamEnd();
  return {
    item(event) {
      const response = event['response'] as Answer | undefined;
      if (response) {
        readResponse(facts, response);
        ended(responseEnd(response));
      } else if (event['type'] === 'error') {
        ended(failedEnd(event['code'], 'server_error'));
      }
      return true;
    },
    end,
  };
}
