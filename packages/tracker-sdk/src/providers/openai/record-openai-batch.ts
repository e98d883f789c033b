import type { EventAttribution } from '@tallykit/protocol';
import type { CallFacts, KnownFacts } from '../../observe/call-recorder.ts';
import { doneEnd, statusEnd } from '../../observe/classify-error.ts';
import { type AnswerFormat, completions, images, responses } from './openai-methods.ts';
import { type Answer, fieldsOf, textOf } from '../../observe/read-value.ts';
import { responseEnd } from './read-result.ts';

/** One request of a batch, as a call to record. */
export interface BatchCall extends CallFacts, EventAttribution {
  readonly startedAt?: number | undefined;
}

/** Whatever takes calls recorded by hand: a tracker, or the context of one of its runs. */
export interface BatchRecorder {
  readonly record: (call: BatchCall) => void;
}

/** The lines of an output file: its text, or the body of `files.content(id)` as it arrives, which keeps one line at a time. */
export type BatchOutput = string | AsyncIterable<string | Uint8Array>;

/** Settings of {@link recordOpenAIBatch}. */
export interface RecordOpenAIBatchOptions {
  /** Default: `openai`. */
  readonly provider?: string | undefined;
  /** Whose call a request was, by the `custom_id` that it was given. Default: the attribution that holds around. */
  readonly attribute?: ((customId: string) => EventAttribution | undefined) | undefined;
}

/** What was found in an output file. */
export interface BatchTally {
  /** Calls recorded, failed ones included. */
  readonly recorded: number;
  /** Lines that tell of no call: requests that were never run, moderations, and lines that cannot be understood. */
  readonly skipped: number;
}

/** Operation and format by the kind of object that a request was answered with. */
const kinds: Readonly<Record<string, readonly [operation: string, format: AnswerFormat]>> = {
  'chat.completion': ['chat', completions],
  text_completion: ['text_completion', completions],
  list: ['embeddings', completions],
  response: ['responses', responses],
};

/**
 * Records what a finished batch used: one call for each line of its output file, at the time that OpenAI answered it and
 * marked as `batch`, which has its own price. Give it the error file as well, for the requests that were refused.
 * Reading a file twice is harmless, also from two processes: each call carries the id of its response, and the server
 * counts an id once. Prompts and answers in the file are not kept.
 *
 * Rejects with the error of `output` or of `attribute` when one of them fails; what was read until then is recorded.
 *
 * @example
 * const batch = await openai.batches.retrieve(batchId);
 * const file = await openai.files.content(batch.output_file_id ?? '');
 * await recordOpenAIBatch(tracker, await file.text(), { attribute: (customId) => ({ customerId: customId }) });
 */
export async function recordOpenAIBatch(
  { record }: BatchRecorder,
  output: BatchOutput,
  { provider = 'openai', attribute }: RecordOpenAIBatchOptions = {},
): Promise<BatchTally> {
  let recorded = 0;
  let skipped = 0;
  const take = (text: string): void => {
    if (!text.trim()) return;
    const line = readLine(text);
    const call = callOf(line, provider);
    const { custom_id: customId } = line;
    if (call) record({ ...(typeof customId === 'string' ? attribute?.(customId) : {}), ...call });
    if (call) recorded++;
    else skipped++;
  };
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of typeof output === 'string' ? [output] : output) {
    rest += typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(take);
  }
  take(rest);
  return { recorded, skipped };
}

function readLine(text: string): Answer {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return {};
  }
}

/** The call that a line tells of; nothing for a request that was never run, or one of a kind that is not counted. */
function callOf(line: Answer, provider: string): BatchCall | undefined {
  const { id, response } = line;
  const { status_code: status, request_id, body } = fieldsOf(response);
  if (typeof status !== 'number' || !body) return undefined;
  const answer = fieldsOf(body);
  const requestModel = textOf(answer['model']) ?? 'unknown';
  const facts: KnownFacts = { provider, operation: 'batch', requestModel, batch: true };
  const requestId = textOf(request_id);
  if (requestId) facts.providerIds = { requestId };
  // Answers without an id of their own are known by that of their line.
  facts.responseId = textOf(id);
  if (status >= 400) {
    return { ...facts, ...statusEnd(status, fieldsOf(answer['error'])['code']) };
  }
  const drawn =
    Array.isArray(answer['data']) && !answer['object'] ? (['images', images] as const) : undefined;
  const [operation, format] = kinds[String(answer['object'])] ?? drawn ?? [];
  if (!operation || !format) return undefined;
  format.read(facts, answer, {});
  const created = Number(answer['created_at'] ?? answer['created']);
  return {
    ...facts,
    operation,
    ...(responseEnd(answer) ?? doneEnd),
    ...(created > 0 ? { startedAt: created * 1000 } : {}),
  };
}
