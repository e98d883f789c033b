import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { abortedEnd, doneEnd, failedEnd, untoldEnd } from '../../observe/classify-error.ts';
import type { StreamReader } from '../../observe/observe-stream.ts';
import { type Answer, countOf, fieldsOf, listOf, textOf, writtenOf } from '../../observe/read-value.ts';
import { modelName } from './read-answer.ts';
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
function writtenIn({ delta }: Answer): string {
  const { text, arguments: given, content } = fieldsOf(delta);
  return writtenOf(text ?? given ?? fieldsOf(content)['text']);
}

/** How an interaction ended, as far as it says so itself. */
function endOf(status: unknown): CallEnd | undefined {
  if (status === 'failed') return { ...failedEnd('', 'server_error'), complete: true };
  if (status === 'cancelled') return { ...abortedEnd, complete: true };
  if (status === 'in_progress' || status === 'queued') return { status: 'ok', complete: false };
  return status ? doneEnd : undefined;
}

/** Reads an interaction, or the events of a streamed one, of which the last report of usage holds. */
export function readInteraction(facts: KnownFacts): StreamReader {
  let end: CallEnd | undefined;
  return {
    item(answer) {
      const { event_type: event, metadata, error } = answer;
      const interaction = fieldsOf(event ? answer['interaction'] : answer);
      if (event === 'error') end = failedEnd(fieldsOf(error)['code'], 'server_error');
      const usage = interaction['usage'] ?? fieldsOf(metadata)['total_usage'];
      if (usage) {
        Object.assign(facts, readUsage(reportOf(fieldsOf(usage))));
        const webSearches = listOf(fieldsOf(usage)['grounding_tool_count'])
          .filter(({ type }) => type === 'google_search')
          .reduce((sum, { count }) => sum + (countOf(count) ?? 0), 0);
        if (facts.usage && webSearches) facts.usage = { ...facts.usage, webSearches };
      }
      facts.responseId = textOf(interaction['id']) ?? facts.responseId;
      facts.responseModel = modelName(interaction['model']) ?? facts.responseModel;
      facts.serviceTier = textOf(interaction['service_tier']) ?? facts.serviceTier;
      if (event !== 'interaction.created') end = endOf(interaction['status']) ?? end;
      return writtenIn(answer);
    },
    end: (whole) => end ?? untoldEnd(whole),
  };
}
