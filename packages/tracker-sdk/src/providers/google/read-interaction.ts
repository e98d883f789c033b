import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { abortedEnd, failedEnd } from '../../observe/classify-error.ts';
import { type Answer, type AnswerReader, modelName, textOf } from './read-answer.ts';
import { readUsage } from './read-usage.ts';

/** Counts of an interaction, by the names that the other answers have for them. */
const counts: Readonly<Record<string, string>> = {
  total_input_tokens: 'promptTokenCount',
  total_cached_tokens: 'cachedContentTokenCount',
  total_output_tokens: 'candidatesTokenCount',
  total_thought_tokens: 'thoughtsTokenCount',
  total_tool_use_tokens: 'toolUsePromptTokenCount',
  total_tokens: 'totalTokenCount',
};
const lists: Readonly<Record<string, string>> = {
  input_tokens_by_modality: 'promptTokensDetails',
  cached_tokens_by_modality: 'cacheTokensDetails',
  output_tokens_by_modality: 'candidatesTokensDetails',
  tool_use_tokens_by_modality: 'toolUsePromptTokensDetails',
};

const listOf = (value: unknown): readonly Answer[] =>
  (Array.isArray(value) ? (value as unknown[]) : []).map((item) => (item ?? {}) as Answer);

/** An interaction's report of usage in the words of the other answers. */
function reportOf(usage: Answer): Answer {
  const report: Record<string, unknown> = {};
  for (const [name, known] of Object.entries(counts)) report[known] = usage[name];
  for (const [name, known] of Object.entries(lists)) {
    report[known] = listOf(usage[name]).map(({ modality, tokens }) => ({
      modality: String(modality).toUpperCase(),
      tokenCount: tokens,
    }));
  }
  return report;
}

/** What the model wrote in one event: text, thoughts or arguments of a function. */
export function writtenInEvent({ delta }: Answer): string {
  const { text, arguments: given, content } = (delta ?? {}) as Answer;
  const written = text ?? given ?? (content as Answer | undefined)?.['text'];
  return typeof written === 'string' ? written : '';
}

/** How an interaction ended, as far as it says so itself. */
function endOf(status: unknown): CallEnd | undefined {
  if (status === 'failed') return { ...failedEnd('', 'server_error'), complete: true };
  if (status === 'cancelled') return { ...abortedEnd, complete: true };
  if (status === 'in_progress' || status === 'queued') return { status: 'ok', complete: false };
  return status ? { status: 'ok', complete: true } : undefined;
}

/** Reads an interaction, or the events of a streamed one, of which the last report of usage holds. */
export function readInteraction(facts: KnownFacts): AnswerReader {
  let end: CallEnd | undefined;
  return {
    read(answer) {
      const { event_type: event, metadata, error } = answer;
      const interaction = (event ? answer['interaction'] : answer) as Answer | undefined;
      if (event === 'error') {
        const { code } = (error ?? {}) as Answer;
        end = failedEnd(code, 'server_error');
      }
      const usage = interaction?.['usage'] ?? (metadata as Answer | undefined)?.['total_usage'];
      if (usage) {
        Object.assign(facts, readUsage(reportOf(usage as Answer)));
        const webSearches = listOf((usage as Answer)['grounding_tool_count'])
          .filter(({ type, count }) => type === 'google_search' && Number.isSafeInteger(count))
          .reduce((sum, { count }) => sum + Number(count), 0);
        if (facts.usage && webSearches) facts.usage = { ...facts.usage, webSearches };
      }
      if (!interaction) return;
      facts.responseId = textOf(interaction['id']) ?? facts.responseId;
      facts.responseModel = modelName(interaction['model']) ?? facts.responseModel;
      facts.serviceTier = textOf(interaction['service_tier']) ?? facts.serviceTier;
      if (event !== 'interaction.created') end = endOf(interaction['status']) ?? end;
    },
    end(whole) {
      if (end) return end;
      return whole ? { status: 'ok', complete: false, errorClass: 'usage_absent' } : abortedEnd;
    },
  };
}
