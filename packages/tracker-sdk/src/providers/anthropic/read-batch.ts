import type { CallRecorder } from '../../observe/call-recorder.ts';
import { abortedEnd, doneEnd, failedEnd } from '../../observe/classify-error.ts';
import { safely } from '../../observe/observe-promise.ts';
import { watchOnce } from '../../observe/observe-stream.ts';
import { type Answer, fieldsOf } from '../../observe/read-value.ts';
import { readMessage, reportedEnd } from './read-message.ts';

/** Whose results are read, and who takes what they tell. */
export interface BatchReading {
  readonly recorder: CallRecorder;
  readonly provider: string;
  /** Whether requests without an answer are told too: those have no id by which a second reading could be known. */
  readonly withFailures: boolean;
  /** All results have been read. */
  readonly onRead: () => void;
}

/** Records one line of a batch's results as the call that it was. */
function recordLine({ recorder, provider, withFailures }: BatchReading, line: Answer): void {
  const { type, message, error } = fieldsOf(line['result']);
  const succeeded = type === 'succeeded';
  if (!succeeded && !withFailures) return;
  const call = recorder.start({ provider, operation: 'chat', requestModel: 'unknown', batch: true });
  if (!succeeded) {
    const end =
      type === 'canceled' ? abortedEnd : type === 'expired' ? failedEnd('', 'expired') : reportedEnd(error);
    return call.end({ ...end, complete: true });
  }
  readMessage(call.facts, fieldsOf(message));
  call.facts.requestModel = call.facts.responseModel ?? 'unknown';
  call.end(doneEnd);
}

/** Sees the results of a batch on their way to the host, line by line as it reads them. */
export function observeResults(results: unknown, reading: BatchReading): void {
  watchOnce(results, Symbol.asyncIterator, {
    item(line) {
      safely(reading.recorder, () => recordLine(reading, fieldsOf(line)));
      return true;
    },
    ended: (left) => left || reading.onRead(),
    failed: () => undefined,
  });
}
