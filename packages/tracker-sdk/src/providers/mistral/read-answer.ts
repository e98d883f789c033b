import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { abortedEnd, failedEnd } from '../../observe/classify-error.ts';
import { readUsage } from './read-usage.ts';

/** Anything that a provider sends: every field may be missing or of another type. */
export type Answer = Readonly<Record<string, unknown>>;

/** Text short enough for the wire; anything else is as good as absent. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.length < 201 && value ? value : undefined;
}

const listOf = (value: unknown): readonly Answer[] =>
  (Array.isArray(value) ? (value as unknown[]) : [value]).map((item) => (item ?? {}) as Answer);

/** Text of a message, which is a string or has parts, of which a thought has parts again. */
function textIn(content: unknown): string {
  if (typeof content === 'string') return content;
  let written = '';
  for (const { text, thinking } of listOf(content)) {
    if (typeof text === 'string') written += text;
    else if (thinking) written += textIn(thinking);
  }
  return written;
}

/** What the model wrote in one event of a stream: text, thoughts or arguments of a function. */
export function writtenIn(data: Answer): string {
  const { choices, content, text, arguments: given, type } = data;
  if (type) return textIn(content ?? (type === 'transcription.text.delta' ? text : given) ?? '');
  let written = '';
  for (const { delta } of listOf(choices)) {
    const { content: said, toolCalls } = (delta ?? {}) as Answer;
    written += textIn(said);
    for (const { function: called } of listOf(toolCalls)) {
      const { arguments: asked } = (called ?? {}) as Answer;
      if (asked) written += typeof asked === 'string' ? asked : JSON.stringify(asked);
    }
  }
  return written;
}

/** Takes identity and usage from an answer, or from a part of a streamed one. */
export function readFacts(facts: KnownFacts, answer: Answer): void {
  const { usage, usageInfo, outputs } = answer;
  const model =
    answer['model'] ?? (outputs ? listOf(outputs).findLast((output) => output['model'])?.['model'] : '');
  facts.responseModel = textOf(model) ?? facts.responseModel;
  // The id of a conversation's event is the one of an entry, and that of a conversation names many answers.
  if (facts.operation !== 'conversation') facts.responseId = textOf(answer['id']) ?? facts.responseId;
  const { serviceTier, additionalProperties } = (usage ?? {}) as Answer;
  const { service_tier = serviceTier } = (additionalProperties ?? {}) as Answer;
  facts.serviceTier = textOf(service_tier) ?? facts.serviceTier;
  Object.assign(facts, readUsage(usage, facts.operation === 'transcription'));
  const pages = (usageInfo as Answer | undefined)?.['pagesProcessed'];
  // No bucket counts pages, so they are only kept as they came.
  if (Number.isSafeInteger(pages)) facts.rawUsage = { pagesProcessed: Number(pages) };
}

/** Reads the events of a stream. */
export interface EventReader {
  readonly read: (data: Answer) => void;
  /** How the call ended when nothing more comes. `whole` is false when the host left or aborted. */
  readonly end: (whole: boolean) => CallEnd;
}

/** Reads events of every kind of stream: usage rides in the last one, with the reason why the model finished. */
export function readEvents(facts: KnownFacts): EventReader {
  let finished = false;
  let failure: CallEnd | undefined;
  return {
    read(data) {
      const { choices, type, code } = data;
      readFacts(facts, data);
      finished ||=
        type === 'conversation.response.done' ||
        type === 'transcription.done' ||
        (!!choices && listOf(choices).some(({ finishReason }) => finishReason));
      if (type === 'conversation.response.error') failure = failedEnd(code, 'server_error');
    },
    end(whole) {
      if (failure) return failure;
      if (finished && (facts.usage ?? whole)) return { status: 'ok', complete: true };
      if (!whole && !finished) return abortedEnd;
      const errorClass = whole ? 'usage_absent' : 'closed_before_usage';
      return { status: 'ok', complete: false, errorClass };
    },
  };
}
