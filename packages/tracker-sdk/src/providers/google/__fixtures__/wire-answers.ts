import type { TokenUsage } from '@tallykit/protocol';

export const model = 'gemini-2.5-flash';

/** One answer as the API words it: a whole one, or a chunk of a stream. */
export function wireAnswer(text: string, more: object = {}, finishReason?: string): object {
  return {
    candidates: [{ content: { parts: [{ text }], role: 'model' }, ...(finishReason ? { finishReason } : {}), index: 0 }],
    modelVersion: model,
    responseId: 'resp-1',
    ...more,
  };
}

/** The API's report of these buckets: the prompt includes what was cached. */
export function wireUsage({ input = 0, cacheRead, output = 0 }: TokenUsage): object {
  return {
    promptTokenCount: input + (cacheRead ?? 0),
    candidatesTokenCount: output,
    totalTokenCount: input + (cacheRead ?? 0) + output,
    ...(cacheRead === undefined ? {} : { cachedContentTokenCount: cacheRead }),
  };
}

/** The events of a stream. Vertex AI tells usage with the last one, the Gemini API with every one. */
export function wireChunks(
  pieces: readonly string[],
  usage: TokenUsage | undefined,
  everywhere: boolean,
): readonly object[] {
  return pieces.map((piece, index) => {
    const last = index === pieces.length - 1;
    const output = last ? usage?.output : index + 1;
    const report = usage && (last || everywhere) ? { usageMetadata: wireUsage({ ...usage, output }) } : {};
    return wireAnswer(piece, report, last ? 'STOP' : undefined);
  });
}
