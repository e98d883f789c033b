import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { doneEnd, untoldEnd } from '../../observe/classify-error.ts';
import type { StreamReader } from '../../observe/observe-stream.ts';
import { type Answer, fieldsOf, listOf, textOf, writtenOf } from '../../observe/read-value.ts';
import { countsIn, parseBytes, readConverse, readModel } from './read-answer.ts';
import { exceptionEnd } from './read-failure.ts';
import { readUsage } from './read-usage.ts';

/** How much of a stream has come. */
interface Progress {
  /** The model has written its last. */
  finished: boolean;
  /** Its counts are final. */
  counted: boolean;
  failure?: CallEnd | undefined;
}

const endOf =
  (progress: Progress): StreamReader['end'] =>
  (whole) => {
    const { finished, counted, failure } = progress;
    return failure ?? (counted ? doneEnd : untoldEnd(whole, finished));
  };

/** Text, reasoning or arguments of a tool in one event of Converse, or of a model that speaks like it. */
function writtenIn(event: Answer): string {
  const { text, toolUse, reasoningContent } = fieldsOf(fieldsOf(event['contentBlockDelta'])['delta']);
  return writtenOf(text ?? fieldsOf(toolUse)['input'] ?? fieldsOf(reasoningContent)['text']);
}

/** Reads events of ConverseStream: usage comes in the last one, `metadata`. */
export function readConverseStream(facts: KnownFacts): StreamReader {
  const progress: Progress = { finished: false, counted: false };
  return {
    item(event) {
      if (event['messageStop']) progress.finished = true;
      if (event['metadata']) {
        readConverse(facts, fieldsOf(event['metadata']));
        progress.counted = facts.usage !== undefined;
      }
      progress.failure ??= exceptionEnd(Object.keys(event)[0]);
      return writtenIn(event);
    },
    end: endOf(progress),
  };
}

/** What the families of models call the text in a chunk. */
function writtenInChunk(chunk: Answer): string {
  const { text, partial_json: json, thinking } = fieldsOf(chunk['delta']);
  const [choice] = listOf(chunk['choices']);
  const [output] = listOf(chunk['outputs']);
  const written =
    text ??
    json ??
    thinking ??
    fieldsOf(choice?.['delta'])['content'] ??
    output?.['text'] ??
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
    told = { ...told, ...fieldsOf(counts) };
    Object.assign(facts, readUsage(told));
  };
  return {
    item(event) {
      progress.failure ??= exceptionEnd(Object.keys(event)[0]);
      const chunk = parseBytes(fieldsOf(event['chunk'])['bytes']);
      const { message, metadata, 'amazon-bedrock-invocationMetrics': metrics } = chunk;
      if (chunk['type'] === 'message_start') {
        const { id, model, usage } = fieldsOf(message);
        facts.responseId = textOf(id) ?? facts.responseId;
        readModel(facts, model);
        // What is said of the output here is a placeholder.
        tell({ ...fieldsOf(usage), output_tokens: undefined });
      } else if (metadata) {
        tell(fieldsOf(metadata)['usage']);
      } else {
        tell(countsIn(chunk));
      }
      if (metrics) {
        progress.finished = true;
        if (facts.usage?.output === undefined) Object.assign(facts, readUsage(metrics));
      }
      const { stop_reason: reason = chunk['stop_reason'] } = fieldsOf(chunk['delta']);
      if (reason || chunk['messageStop'] || chunk['completionReason']) progress.finished = true;
      if (progress.finished) progress.counted = facts.usage?.output !== undefined;
      return writtenInChunk(chunk);
    },
    end: endOf(progress),
  };
}
