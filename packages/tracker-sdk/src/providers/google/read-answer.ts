import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { abortedEnd } from '../../observe/classify-error.ts';
import { readUsage } from './read-usage.ts';

/** Anything that a provider sends: every field may be missing or of another type. */
export type Answer = Readonly<Record<string, unknown>>;

/** Text short enough for the wire; anything else is as good as absent. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.length < 201 && value ? value : undefined;
}

/** The name of a model without the path of its publisher or project, as the price catalogue knows it. */
export const modelName = (model: unknown): string | undefined =>
  textOf(
    typeof model === 'string'
      ? model.replace(/^.*\bmodels\/|^google\/|^projects\/.*\/(?=endpoints\/)/, '')
      : undefined,
  );

const listOf = (value: unknown): readonly Answer[] =>
  (Array.isArray(value) ? (value as unknown[]) : []).map((item) => (item ?? {}) as Answer);

/** How the call was served: Vertex says it with the usage, the Gemini API in a header. */
function tierOf(report: Answer | undefined, answer: Answer): string | undefined {
  const { headers } = (answer['sdkHttpResponse'] ?? {}) as { headers?: Answer };
  const tier = report?.['trafficType'] ?? report?.['serviceTier'] ?? headers?.['x-gemini-service-tier'];
  const name = textOf(tier)
    ?.toLowerCase()
    .replace(/^on_demand_/, '');
  return name?.endsWith('unspecified') ? undefined : name;
}

/** What the model wrote in one answer: text, thoughts, code or arguments of a function. */
export function writtenIn(answer: Answer): string {
  let written = '';
  for (const { content } of listOf(answer['candidates'])) {
    for (const { text, functionCall, executableCode } of listOf((content as Answer | undefined)?.['parts'])) {
      if (typeof text === 'string') written += text;
      else if (functionCall) written += JSON.stringify((functionCall as Answer)['args']) ?? '';
      else if (executableCode) written += String((executableCode as Answer)['code']);
    }
  }
  return written;
}

/** Reads the answers to one request, of which a stream has many. */
export interface AnswerReader {
  readonly read: (answer: Answer) => void;
  /** How a stream ended when nothing more comes. `whole` is false when the host left or aborted. */
  readonly end: (whole: boolean) => CallEnd;
}

/**
 * Reads what each answer says of identity and usage. Every chunk of a stream may report usage, of everything until then:
 * the last report holds, and until the model has finished it is a part of the whole.
 */
export function readAnswers(facts: KnownFacts): AnswerReader {
  let finished = false;
  let webSearches = 0;

  /** Counts that are not part of the token report. */
  function readCounted(answer: Answer): void {
    const { embeddings, generatedImages, metadata } = answer;
    if (Array.isArray(generatedImages)) {
      const drawn = listOf(generatedImages).filter(({ image }) => {
        const { imageBytes, gcsUri } = (image ?? {}) as Answer;
        return imageBytes || gcsUri;
      });
      facts.usage = { imagesGenerated: drawn.length };
    }
    const counted = listOf(embeddings)
      .map(({ statistics }) => (statistics as Answer | undefined)?.['tokenCount'])
      .filter((count) => Number.isSafeInteger(count));
    const input =
      facts.usage?.input ?? (counted.length ? counted.reduce<number>((a, b) => a + Number(b), 0) : undefined);
    const { billableCharacterCount: billed } = (metadata ?? {}) as Answer;
    const characters = Number.isSafeInteger(billed) ? Number(billed) : undefined;
    if (input !== undefined || characters !== undefined) facts.usage = { ...facts.usage, input, characters };
  }

  return {
    read(answer) {
      const report = answer['usageMetadata'] as Answer | undefined;
      facts.responseId = textOf(answer['responseId']) ?? facts.responseId;
      facts.responseModel = modelName(answer['modelVersion']) ?? facts.responseModel;
      facts.serviceTier = tierOf(report, answer) ?? facts.serviceTier;
      const candidates = listOf(answer['candidates']);
      const blocked = (answer['promptFeedback'] as Answer | undefined)?.['blockReason'];
      finished ||= !!blocked || candidates.some(({ finishReason }) => finishReason);
      for (const { groundingMetadata } of candidates) {
        const queries = (groundingMetadata as Answer | undefined)?.['webSearchQueries'];
        // Later chunks repeat the searches of earlier ones.
        if (Array.isArray(queries)) webSearches = Math.max(webSearches, queries.length);
      }
      Object.assign(facts, readUsage(report));
      if (answer['embeddings'] || answer['generatedImages']) readCounted(answer);
      if (facts.usage && webSearches) facts.usage = { ...facts.usage, webSearches };
    },
    end(whole) {
      if (finished && (facts.usage ?? whole)) return { status: 'ok', complete: true };
      if (!whole) return finished ? unfinishedEnd('closed_before_usage') : abortedEnd;
      return unfinishedEnd(facts.usage ? 'ended_early' : 'usage_absent');
    },
  };
}

/** An end of a call of which the host saw all it wanted, but we did not. */
const unfinishedEnd = (errorClass: string): CallEnd => ({ status: 'ok', complete: false, errorClass });
