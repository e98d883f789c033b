import type { KnownFacts } from '../../observe/call-recorder.ts';
import { doneEnd, unfinishedEnd, untoldEnd } from '../../observe/classify-error.ts';
import type { StreamReader } from '../../observe/observe-stream.ts';
import { type Answer, countOf, fieldsOf, listOf, textOf } from '../../observe/read-value.ts';
import { readUsage } from './read-usage.ts';

/** The name of a model without the path of its publisher or project, as the price catalogue knows it. */
export const modelName = (model: unknown): string | undefined =>
  textOf(
    typeof model === 'string'
      ? model.replace(/^.*\bmodels\/|^google\/|^projects\/.*\/(?=endpoints\/)/, '')
      : undefined,
  );

/** How the call was served: Vertex says it with the usage, the Gemini API in a header. */
function tierOf(report: Answer, answer: Answer): string | undefined {
  const { headers } = fieldsOf(answer['sdkHttpResponse']);
  const tier = report['trafficType'] ?? report['serviceTier'] ?? fieldsOf(headers)['x-gemini-service-tier'];
  const name = textOf(tier)
    ?.toLowerCase()
    .replace(/^on_demand_/, '');
  return name?.endsWith('unspecified') ? undefined : name;
}

/** What the model wrote in one answer: text, thoughts, code or arguments of a function. */
function writtenIn(answer: Answer): string {
  let written = '';
  for (const { content } of listOf(answer['candidates'])) {
    for (const { text, functionCall, executableCode } of listOf(fieldsOf(content)['parts'])) {
      if (typeof text === 'string') written += text;
      else if (functionCall) written += JSON.stringify(fieldsOf(functionCall)['args']) ?? '';
      else if (executableCode) written += String(fieldsOf(executableCode)['code']);
    }
  }
  return written;
}

/**
 * Reads what each answer says of identity and usage. Every chunk of a stream may report usage, of everything until then:
 * the last report holds, and until the model has finished it is a part of the whole.
 */
export function readAnswers(facts: KnownFacts): StreamReader {
  let finished = false;
  let webSearches = 0;

  /** Counts that are not part of the token report. */
  function readCounted(answer: Answer): void {
    const { embeddings, generatedImages, metadata } = answer;
    if (Array.isArray(generatedImages)) {
      const drawn = listOf(generatedImages).filter(({ image }) => {
        const { imageBytes, gcsUri } = fieldsOf(image);
        return imageBytes || gcsUri;
      });
      facts.usage = { imagesGenerated: drawn.length };
    }
    const counted = listOf(embeddings)
      .map(({ statistics }) => countOf(fieldsOf(statistics)['tokenCount']))
      .filter((count) => count !== undefined);
    const input =
      facts.usage?.input ?? (counted.length ? counted.reduce((sum, count) => sum + count, 0) : undefined);
    const characters = countOf(fieldsOf(metadata)['billableCharacterCount']);
    if (input !== undefined || characters !== undefined) facts.usage = { ...facts.usage, input, characters };
  }

  return {
    item(answer) {
      const report = fieldsOf(answer['usageMetadata']);
      facts.responseId = textOf(answer['responseId']) ?? facts.responseId;
      facts.responseModel = modelName(answer['modelVersion']) ?? facts.responseModel;
      facts.serviceTier = tierOf(report, answer) ?? facts.serviceTier;
      const candidates = listOf(answer['candidates']);
      const blocked = fieldsOf(answer['promptFeedback'])['blockReason'];
      finished ||= !!blocked || candidates.some(({ finishReason }) => finishReason);
      for (const { groundingMetadata } of candidates) {
        const queries = fieldsOf(groundingMetadata)['webSearchQueries'];
        // Later chunks repeat the searches of earlier ones.
        if (Array.isArray(queries)) webSearches = Math.max(webSearches, queries.length);
      }
      Object.assign(facts, readUsage(report));
      if (answer['embeddings'] || answer['generatedImages']) readCounted(answer);
      if (facts.usage && webSearches) facts.usage = { ...facts.usage, webSearches };
      return writtenIn(answer);
    },
    end(whole) {
      if (finished && (facts.usage ?? whole)) return doneEnd;
      return whole && facts.usage ? unfinishedEnd('ended_early') : untoldEnd(whole, finished);
    },
  };
}
