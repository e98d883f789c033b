import { tellingCode } from '../../observe/classify-error.ts';
import type { CallEnd, KnownFacts } from '../../observe/observe-call.ts';
import { readFacts, readResponse, responseEnd, type Answer } from './read-result.ts';

/** Reads a stream item by item. */
export interface StreamReader {
  /** `false` when the host must not see the item. */
  readonly item: (item: Answer) => boolean;
  /** How the call ended when nothing more comes. `whole` is false when the host left or aborted. */
  readonly end: (whole: boolean) => CallEnd;
}

/**
 * Reads chunks of a chat completion. `requested` is true when the usage chunk was asked for by us: it is then hidden,
 * and so are the empty `usage` fields that come with it.
 */
export function readChatStream(facts: KnownFacts, requested: boolean): StreamReader {
  let finished = false;
  return {
    item(chunk) {
      if (facts.responseId === undefined || chunk['usage']) readFacts(facts, chunk);
      const choices = chunk['choices'] as readonly Answer[] | undefined;
      if (!finished && choices?.[0]?.['finish_reason']) {
        finished = true;
        readFacts(facts, chunk);
      }
      if (!requested) return true;
      if (chunk['usage'] === null) delete (chunk as { usage?: unknown }).usage;
      return !(chunk['usage'] && choices?.length === 0);
    },
    end(whole) {
      if (facts.usage ? finished || whole : finished && whole) return { status: 'ok', complete: true };
      if (finished) return { status: 'ok', complete: false, errorClass: 'closed_before_usage' };
      if (whole) return { status: 'ok', complete: false, errorClass: 'usage_absent' };
      return { status: 'aborted', complete: false, errorClass: 'aborted' };
    },
  };
}

/** Reads events of the Responses API: usage and outcome ride in the last one. */
export function readResponseStream(facts: KnownFacts): StreamReader {
  let end: CallEnd | undefined;
  return {
    item(event) {
      const response = event['response'] as Answer | undefined;
      if (response) {
        readResponse(facts, response);
        end = responseEnd(response);
      } else if (event['type'] === 'error') {
        end = { status: 'error', complete: false, errorClass: tellingCode(event['code']) ?? 'server_error' };
      }
      return true;
    },
    end: (whole) =>
      end ??
      (whole
        ? { status: 'ok', complete: false, errorClass: 'usage_absent' }
        : { status: 'aborted', complete: false, errorClass: 'aborted' }),
  };
}
