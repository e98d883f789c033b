import type { TokenUsage } from '@tallykit/protocol';

export const model = 'mistral-small-latest';

/** The API's report of these buckets: the prompt includes what was cached. Without any, the API leaves all counts out. */
export function wireUsage(usage: TokenUsage | undefined): object {
  if (!usage) return {};
  const { input = 0, cacheRead, output = 0 } = usage;
  return {
    prompt_tokens: input + (cacheRead ?? 0),
    completion_tokens: output,
    total_tokens: input + (cacheRead ?? 0) + output,
    ...(cacheRead === undefined ? {} : { prompt_tokens_details: { cached_tokens: cacheRead } }),
  };
}

const head = { id: 'cmpl-1', model, created: 1_800_000_000 };

/** A whole chat completion, or one of code. */
export function wireAnswer(content: string, usage: TokenUsage | undefined, more: object = {}): object {
  const message = { role: 'assistant', content, tool_calls: null };
  return {
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason: 'stop' }],
    usage: wireUsage(usage),
    ...more,
  };
}

/** The events of a streamed one: usage rides in the last, with the reason why the model finished. */
export function wireChunks(pieces: readonly string[], usage: TokenUsage | undefined): readonly object[] {
  const chunk = (delta: object, finish_reason: string | null, more: object = {}) => ({
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason }],
    ...more,
  });
  return [
    chunk({ role: 'assistant', content: '' }, null),
    ...pieces.map((content) => chunk({ content }, null)),
    chunk({ content: '' }, 'stop', usage ? { usage: wireUsage(usage) } : {}),
  ];
}
