import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { abortedEnd } from '../../observe/classify-error.ts';
import { type Answer, countsIn, parseBytes, partOf, readConverse, readModel, textOf } from './read-answer.ts';
import { exceptionEnd } from './read-failure.ts';
import { readUsage } from './read-usage.ts';

/** Reads a stream event by event. */
export interface StreamReader {
  /** The text that the model wrote in this event. */
  readonly item: (event: Answer) => string | undefined;
  /** How the call ended when nothing more comes. `whole` is false when the host left or aborted. */
  readonly end: (whole: boolean) => CallEnd;
}

/** How much of a stream has come. */
interface Progress {
  /** The model has written its last. */
  finished: boolean;
  /** Its counts are final. */
  counted: boolean;
  failure?: CallEnd | undefined;
}

const endOf =
  (progress: Progress) =>
  (whole: boolean): CallEnd => {
    const { finished, counted, failure } = progress;
    if (failure) return failure;
    if (counted) return { status: 'ok', complete: true };
    if (!finished && !whole) return abortedEnd;
    return { status: 'ok', complete: false, errorClass: whole ? 'usage_absent' : 'closed_before_usage' };
  };

/** Text, reasoning or arguments of a tool in one event of Converse, or of a model that speaks like it. */
function writtenIn(event: Answer): string | undefined {
  const { text, toolUse, reasoningContent } = partOf(partOf(event['contentBlockDelta'])['delta']);
  const written = text ?? partOf(toolUse)['input'] ?? partOf(reasoningContent)['text'];
  return typeof written === 'string' ? written : undefined;
}

/** Reads events of ConverseStream: usage comes in the last one, `metadata`. */
export function readConverseStream(facts: KnownFacts): StreamReader {
  const progress: Progress = { finished: false, counted: false };
  return {
    item(event) {
      if (event['messageStop']) progress.finished = true;
      if (event['metadata']) {
        readConverse(facts, partOf(event['metadata']));
        progress.counted = facts.usage !== undefined;
      }
      progress.failure ??= exceptionEnd(Object.keys(event)[0]);
      return writtenIn(event);
    },
    end: endOf(progress),
  };
}

/** What the families of models call the text in a chunk. */
function writtenInChunk(chunk: Answer): string | undefined {
  const { text, partial_json: json, thinking } = partOf(chunk['delta']);
  const [choice] = (Array.isArray(chunk['choices']) ? chunk['choices'] : []) as unknown[];
  const [output] = (Array.isArray(chunk['outputs']) ? chunk['outputs'] : []) as unknown[];
  const written =
    text ??
    json ??
    thinking ??
    partOf(partOf(choice)['delta'])['content'] ??
    partOf(output)['text'] ??
    chunk['generation'] ??
    chunk['outputText'];
  return typeof written === 'string' ? written : writtenIn(chunk);
}

/**
 * Reads chunks of InvokeModelWithResponseStream. Claude tells the input at its start and the output as it grows; Nova tells
 * all at the end; with the last chunk of any model come Bedrock's own metrics, which stand in for what a model does not tell.
 */
export function readInvokedStream(facts: KnownFacts): StreamReader {
  const progress: Progress = { finished: false, counted: false };
  let told: Answer = {};
  const tell = (counts: unknown): void => {
    if (!readUsage(counts)) return;
    told = { ...told, ...partOf(counts) };
    Object.assign(facts, readUsage(told));
  };
  return {
    item(event) {
      progress.failure ??= exceptionEnd(Object.keys(event)[0]);
      const chunk = parseBytes(partOf(event['chunk'])['bytes']);
      const { message, metadata, 'amazon-bedrock-invocationMetrics': metrics } = chunk;
      if (chunk['type'] === 'message_start') {
        const { id, model, usage } = partOf(message);
        facts.responseId = textOf(id) ?? facts.responseId;
        readModel(facts, model);
        // What is said of the output here is a placeholder.
        tell({ ...partOf(usage), output_tokens: undefined });
      } else if (metadata) {
        tell(partOf(metadata)['usage']);
      } else {
        tell(countsIn(chunk));
      }
      if (metrics) {
        progress.finished = true;
        if (facts.usage?.output === undefined) Object.assign(facts, readUsage(metrics));
      }
      const { stop_reason: reason = chunk['stop_reason'] } = partOf(chunk['delta']);
      if (reason || chunk['messageStop'] || chunk['completionReason']) progress.finished = true;
      if (progress.finished) progress.counted = facts.usage?.output !== undefined;
      return writtenInChunk(chunk);
    },
    end: endOf(progress),
  };
}
