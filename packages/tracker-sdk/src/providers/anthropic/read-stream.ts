import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { abortedEnd } from '../../observe/classify-error.ts';
import { type Answer, readIdentity, readReport, reportedEnd } from './read-message.ts';
import type { RawCounts } from './read-usage.ts';

/** Reads a stream item by item. */
export interface StreamReader {
  readonly item: (item: Answer) => void;
  /** How the call ended when nothing more comes. `whole` is false when the host left or aborted. */
  readonly end: (whole: boolean) => CallEnd;
  /** The last report of usage. */
  readonly reported: () => unknown;
}

/** What the model wrote in one item: text, thinking, arguments of a tool, or a summary. */
export function writtenIn(item: Answer): string | undefined {
  const { text, thinking, partial_json, content } = (item['delta'] ?? {}) as Answer;
  const written = text ?? thinking ?? partial_json ?? content ?? item['completion'];
  return typeof written === 'string' ? written : undefined;
}

/** Reads events of a message, or of a legacy completion, which reports no usage. */
export function readStream(facts: KnownFacts): StreamReader {
  const raw: RawCounts = {};
  let finished = false;
  let failed: CallEnd | undefined;
  let reported: unknown;
  return {
    item(event) {
      const { type, message, usage, delta, stop_reason: stopReason } = event;
      if (type === 'message_start') {
        const { usage: first, ...start } = (message ?? {}) as Answer;
        readIdentity(facts, start);
        // Nothing has been written or searched yet: what the start says of that is a placeholder.
        const { output_tokens, output_tokens_details, server_tool_use, ...input } = (first ?? {}) as Answer;
        void [output_tokens, output_tokens_details, server_tool_use];
        readReport(facts, raw, input);
      } else if (type === 'message_delta') {
        finished ||= !!(delta as Answer | undefined)?.['stop_reason'];
        readReport(facts, raw, usage);
        reported = usage;
      } else if (type === 'completion') {
        readIdentity(facts, event);
        finished ||= !!stopReason;
      } else if (type === 'error') {
        failed = reportedEnd(event);
      }
    },
    end(whole) {
      if (failed) return failed;
      if (finished) return { status: 'ok', complete: true };
      return whole ? { status: 'ok', complete: false, errorClass: 'usage_absent' } : abortedEnd;
    },
    reported: () => reported,
  };
}
