import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { doneEnd, failedEnd, untoldEnd } from '../../observe/classify-error.ts';
import type { StreamReader } from '../../observe/observe-stream.ts';
import { type Answer, countOf, fieldsOf, listOf, textOf } from '../../observe/read-value.ts';
import { readUsage } from './read-usage.ts';

/** Text of a message, which is a string or has parts, of which a thought has parts again. */
function textIn(content: unknown): string {
  if (typeof content === 'string') return content;
  let written = '';
  for (const { text, thinking } of Array.isArray(content) ? listOf(content) : [fieldsOf(content)]) {
    if (typeof text === 'string') written += text;
    else if (thinking) written += textIn(thinking);
  }
  return written;
}

/** What the model wrote in one event of a stream: text, thoughts or arguments of a function. */
function writtenIn(data: Answer): string {
  const { choices, content, text, arguments: given, type } = data;
  if (type) return textIn(content ?? (type === 'transcription.text.delta' ? text : given) ?? '');
  let written = '';
  for (const { delta } of listOf(choices)) {
    const { content: said, toolCalls } = fieldsOf(delta);
    written += textIn(said);
    for (const { function: called } of listOf(toolCalls)) {
      const { arguments: asked } = fieldsOf(called);
      if (asked) written += typeof asked === 'string' ? asked : JSON.stringify(asked);
    }
  }
  return written;
}

/** Takes identity and usage from an answer, or from a part of a streamed one. */
export function readFacts(facts: KnownFacts, answer: Answer): void {
  const { usage, usageInfo, outputs } = answer;
  const model = answer['model'] ?? listOf(outputs).findLast((output) => output['model'])?.['model'];
  facts.responseModel = textOf(model) ?? facts.responseModel;
  // The id of a conversation's event is the one of an entry, and that of a conversation names many answers.
  if (facts.operation !== 'conversation') facts.responseId = textOf(answer['id']) ?? facts.responseId;
  const { serviceTier, additionalProperties } = fieldsOf(usage);
  const { service_tier = serviceTier } = fieldsOf(additionalProperties);
  facts.serviceTier = textOf(service_tier) ?? facts.serviceTier;
  Object.assign(facts, readUsage(usage, facts.operation === 'transcription'));
  const pagesProcessed = countOf(fieldsOf(usageInfo)['pagesProcessed']);
  // No bucket counts pages, so they are only kept as they came.
  if (pagesProcessed !== undefined) facts.rawUsage = { pagesProcessed };
}

/** Reads events of every kind of stream: usage rides in the last one, with the reason why the model finished. */
export function readEvents(facts: KnownFacts): StreamReader {
  let finished = false;
  let failure: CallEnd | undefined;
  return {
    item({ data: sent }) {
      const data = fieldsOf(sent);
      const { choices, type, code } = data;
      readFacts(facts, data);
      finished ||=
        type === 'conversation.response.done' ||
        type === 'transcription.done' ||
        listOf(choices).some(({ finishReason }) => finishReason);
      if (type === 'conversation.response.error') failure = failedEnd(code, 'server_error');
      return writtenIn(data);
    },
    end: (whole) => failure ?? (finished && (facts.usage ?? whole) ? doneEnd : untoldEnd(whole, finished)),
  };
}
