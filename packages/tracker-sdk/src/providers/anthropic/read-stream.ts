import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { doneEnd, untoldEnd } from '../../observe/classify-error.ts';
import type { StreamReader } from '../../observe/observe-stream.ts';
import { type Answer, fieldsOf, writtenOf } from '../../observe/read-value.ts';
import type { RawCounts } from '../../observe/usage-reading.ts';
import { readIdentity, readReport, reportedEnd } from './read-message.ts';

/** Reads a message event by event. */
export interface MessageReader extends StreamReader {
  /** The last report of usage. */
  readonly reported: () => unknown;
}

/** What the model wrote in one item: text, thinking, arguments of a tool, or a summary. */
function writtenIn(item: Answer): string {
  const { text, thinking, partial_json, content } = fieldsOf(item['delta']);
  return writtenOf(text ?? thinking ?? partial_json ?? content ?? item['completion']);
}

/** Reads events of a message, or of a legacy completion, which reports no usage. */
export function readStream(facts: KnownFacts): MessageReader {
  const raw: RawCounts = {};
  let finished = false;
  let failed: CallEnd | undefined;
  let reported: unknown;
  return {
    item(event) {
      const { type, message, usage, delta, stop_reason: stopReason } = event;
      if (type === 'message_start') {
        const { usage: first, ...start } = fieldsOf(message);
        readIdentity(facts, start);
        // Nothing has been written or searched yet: what the start says of that is a placeholder.
        const { output_tokens, output_tokens_details, server_tool_use, ...input } = fieldsOf(first);
        void [output_tokens, output_tokens_details, server_tool_use];
        readReport(facts, raw, input);
      } else if (type === 'message_delta') {
        finished ||= !!fieldsOf(delta)['stop_reason'];
        readReport(facts, raw, usage);
        reported = usage;
      } else if (type === 'completion') {
        readIdentity(facts, event);
        finished ||= !!stopReason;
      } else if (type === 'error') {
        failed = reportedEnd(event);
      }
      return writtenIn(event);
    },
    end: (whole) => failed ?? (finished ? doneEnd : untoldEnd(whole)),
    reported: () => reported,
  };
}
