import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { abortedEnd, failedEnd } from '../../observe/classify-error.ts';
import { readUsage } from './read-usage.ts';

/** Anything that a provider sends: every field may be missing or of another type. */
export type Answer = Readonly<Record<string, unknown>>;

/** A part of an answer, or nothing where it is something else. */
export const partOf = (value: unknown): Answer =>
  value && typeof value === 'object' ? (value as Answer) : {};

/** Text short enough for the wire; anything else is as good as absent. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value && value.length < 201 ? value : undefined;
}

/** Takes identity and usage from an answer of any entry point: the second version has `usage`, the first one `meta`. */
export function readAnswer(facts: KnownFacts, answer: Answer): void {
  const { id, responseId, generationId, usage, meta } = answer;
  facts.responseId = textOf(id) ?? textOf(responseId) ?? textOf(generationId) ?? facts.responseId;
  Object.assign(facts, readUsage(usage ?? meta));
}

/** Reads a stream event by event. */
export interface StreamReader {
  /** The text that the model wrote in this event. */
  readonly item: (event: Answer) => string | undefined;
  /** How the call ended when nothing more comes. `whole` is false when the host left or aborted. */
  readonly end: (whole: boolean) => CallEnd;
}

/** Text, reasoning, a plan or arguments of a tool in one event of the second version. */
function writtenIn(delta: unknown): unknown {
  const { content, toolPlan, toolCalls } = partOf(partOf(delta)['message']);
  const { text, thinking } = partOf(content);
  return text ?? thinking ?? toolPlan ?? partOf(partOf(toolCalls)['function'])['arguments'];
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
        const { usage, finishReason, error } = partOf(delta);
        readAnswer(facts, { usage });
        finish(finishReason, error);
      } else if (eventType === 'stream-end') {
        readAnswer(facts, partOf(event['response']));
        finish(event['finishReason'], undefined);
      }
      const written = writtenIn(delta) ?? text ?? partOf(toolCallDelta)['parameters'];
      return typeof written === 'string' ? written : undefined;
    },
    end(whole) {
      if (failed) return failedEnd('', 'server_error');
      if (finished && facts.rawUsage) return { status: 'ok', complete: true };
      if (finished || whole) return { status: 'ok', complete: false, errorClass: 'usage_absent' };
      return abortedEnd;
    },
  };
}
