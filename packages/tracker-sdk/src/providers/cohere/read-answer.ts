import type { KnownFacts } from '../../observe/call-recorder.ts';
import { doneEnd, failedEnd, untoldEnd } from '../../observe/classify-error.ts';
import type { StreamReader } from '../../observe/observe-stream.ts';
import { type Answer, fieldsOf, textOf, writtenOf } from '../../observe/read-value.ts';
import { readUsage } from './read-usage.ts';

/** Takes identity and usage from an answer of any entry point: the second version has `usage`, the first one `meta`. */
export function readAnswer(facts: KnownFacts, answer: Answer): void {
  const { id, responseId, generationId, usage, meta } = answer;
  facts.responseId = textOf(id) ?? textOf(responseId) ?? textOf(generationId) ?? facts.responseId;
  Object.assign(facts, readUsage(usage ?? meta));
}

/** Text, reasoning, a plan or arguments of a tool in one event of the second version. */
function writtenIn(delta: unknown): unknown {
  const { content, toolPlan, toolCalls } = fieldsOf(fieldsOf(delta)['message']);
  const { text, thinking } = fieldsOf(content);
  return text ?? thinking ?? toolPlan ?? fieldsOf(fieldsOf(toolCalls)['function'])['arguments'];
}

/** Reads events of both versions of the API: usage and outcome come in the last one. */
export function readStream(facts: KnownFacts): StreamReader {
  let finished = false;
  let failed = false;
  const finish = (reason: unknown, error: unknown): void => {
    finished = true;
    failed = !!error || reason === 'ERROR' || reason === 'ERROR_TOXIC' || reason === 'TIMEOUT';
  };
  return {
    item(event) {
      const { type, eventType, id, generationId, delta, text, toolCallDelta } = event;
      if (id ?? generationId) readAnswer(facts, { id, generationId });
      if (type === 'message-end') {
        const { usage, finishReason, error } = fieldsOf(delta);
        readAnswer(facts, { usage });
        finish(finishReason, error);
      } else if (eventType === 'stream-end') {
        readAnswer(facts, fieldsOf(event['response']));
        finish(event['finishReason'], undefined);
      }
      return writtenOf(writtenIn(delta) ?? text ?? fieldsOf(toolCallDelta)['parameters']);
    },
    end(whole) {
      if (failed) return failedEnd('', 'server_error');
      return finished && facts.rawUsage ? doneEnd : untoldEnd(finished || whole);
    },
  };
}
