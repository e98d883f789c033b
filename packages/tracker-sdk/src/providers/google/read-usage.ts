import { countOf, fieldsOf, listOf, type Answer } from '../../observe/read-value.ts';
import { type Buckets, keepCounts, type RawCounts, type UsageReading } from '../../observe/usage-reading.ts';

const totals = /^(prompt|cachedContent|candidates|thoughts|toolUsePrompt|total|response)TokenCount$/;

/** What is kept of the counts by modality; the text is the rest. With the totals they are at most 16. */
const keptModalities = /^(AUDIO|IMAGE|DOCUMENT)$/;

/** Sums by modality of one of the lists in a report; nothing where there is no list. */
function modalities(report: Answer, name: string): Readonly<Partial<RawCounts>> {
  const sums: RawCounts = {};
  for (const { modality, tokenCount } of listOf(report[name])) {
    const count = countOf(tokenCount);
    if (count !== undefined) sums[String(modality)] = (sums[String(modality)] ?? 0) + count;
  }
  return sums;
}

/** A sum of which only what was reported counts. */
function sum(...counts: readonly (number | undefined)[]): number | undefined {
  const known = counts.filter((count) => count !== undefined);
  return known.length ? known.reduce((a, b) => a + b, 0) : undefined;
}

/** A part of a count that cannot be more than what is left of the whole. */
const within = (part: number | undefined, whole: number): number | undefined =>
  part === undefined ? undefined : Math.min(part, Math.max(0, whole));

/**
 * Converts Google's counts to buckets that never overlap. The prompt count includes what was cached. Thoughts stand
 * beside the candidates and results of tools beside the prompt, except where the total says that they are in them
 * already. Pages of documents are images to the model; video and text are plain input. What was not reported stays
 * absent.
 *
 * @example
 * readUsage({ promptTokenCount: 20, cachedContentTokenCount: 4, candidatesTokenCount: 7, totalTokenCount: 27 });
 * // usage: { input: 16, cacheRead: 4, output: 7 }
 */
export function readUsage(reported: unknown): UsageReading | undefined {
  const report = fieldsOf(reported);
  const rawUsage: RawCounts = {};
  keepCounts(rawUsage, report, totals);
  const {
    promptTokenCount: prompt,
    cachedContentTokenCount: cached,
    responseTokenCount: response,
    candidatesTokenCount: candidates = response,
    thoughtsTokenCount: thoughts,
    toolUsePromptTokenCount: tools,
    totalTokenCount: total,
  } = rawUsage;
  const asked = modalities(report, 'promptTokensDetails');
  const used = modalities(report, 'toolUsePromptTokensDetails');
  const stored = modalities(report, 'cacheTokensDetails');
  const written = modalities(
    report,
    candidates === response ? 'responseTokensDetails' : 'candidatesTokensDetails',
  );
  for (const [part, counts] of Object.entries({ prompt: asked, cache: stored, candidates: written }))
    keepCounts(rawUsage, counts, keptModalities, `${part}.`);
  if (!Object.keys(rawUsage).length) return undefined;

  // What the total holds beyond prompt and candidates tells which of the others are counted beside them.
  const beyond = total === undefined ? undefined : total - (prompt ?? 0) - (candidates ?? 0);
  const bothBeside = beyond === undefined || beyond === (thoughts ?? 0) + (tools ?? 0);
  const toolsWithin = !bothBeside && (beyond === (thoughts ?? 0) || beyond === 0);
  const thoughtsWithin = !bothBeside && (beyond === (tools ?? 0) || beyond === 0) && beyond !== thoughts;

  const usage: Buckets = {};
  const read = sum(prompt, toolsWithin ? undefined : tools);
  if (read !== undefined) {
    // More cached than there was prompt: then it is counted beside the prompt, not in it.
    const fresh = (cached ?? 0) > read ? read : read - (cached ?? 0);
    const audio = sum(asked['AUDIO'], used['AUDIO']);
    const images = sum(asked['IMAGE'], asked['DOCUMENT'], used['IMAGE'], used['DOCUMENT']);
    const cachedImages = (stored['IMAGE'] ?? 0) + (stored['DOCUMENT'] ?? 0);
    // Sound beyond what was fresh was read from the cache, also where no list says so.
    const cachedAudio = within(
      stored['AUDIO'] ?? (Math.max(0, (audio ?? 0) - fresh) || undefined),
      cached ?? 0,
    );
    usage.inputAudio = within(audio && Math.max(0, audio - (cachedAudio ?? 0)), fresh);
    usage.inputImage = within(images && Math.max(0, images - cachedImages), fresh - (usage.inputAudio ?? 0));
    usage.input = fresh - (usage.inputAudio ?? 0) - (usage.inputImage ?? 0);
    usage.cacheReadAudio = cachedAudio;
    usage.cacheRead = cached && cached - (cachedAudio ?? 0);
  }
  usage.reasoning = thoughts;
  if (candidates !== undefined) {
    const answer = Math.max(0, candidates - (thoughtsWithin ? (thoughts ?? 0) : 0));
    usage.outputAudio = within(written['AUDIO'], answer);
    usage.outputImage = within(written['IMAGE'], answer - (usage.outputAudio ?? 0));
    usage.output = answer - (usage.outputAudio ?? 0) - (usage.outputImage ?? 0);
  }
  return { usage, rawUsage };
}
