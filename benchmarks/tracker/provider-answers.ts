/** A chat completion as the provider sends it, with usage. */
export const completionText = JSON.stringify({
  id: 'chatcmpl_bench',
  object: 'chat.completion',
  created: 1_763_600_000,
  model: 'gpt-4o-mini-2024-07-18',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'Your parcel left the depot this morning.', refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: {
    prompt_tokens: 1200,
    completion_tokens: 120,
    total_tokens: 1320,
    prompt_tokens_details: { cached_tokens: 300, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  },
  service_tier: 'default',
});

/** A streamed chat completion of `chunks` pieces, with the usage chunk at its end. */
export function streamText(chunks: number): string {
  const head = {
    id: 'chatcmpl_bench',
    object: 'chat.completion.chunk',
    created: 1_763_600_000,
    model: 'gpt-4o-mini-2024-07-18',
  };
  const lines = Array.from({ length: chunks }, () => ({
    ...head,
    choices: [{ index: 0, delta: { content: ' word' }, logprobs: null, finish_reason: null }],
    usage: null,
  }));
  const end = [
    { ...head, choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }], usage: null },
    {
      ...head,
      choices: [],
      usage: { prompt_tokens: 1200, completion_tokens: chunks, total_tokens: 1200 + chunks },
    },
  ];
  return [...lines, ...end].map((line) => `data: ${JSON.stringify(line)}\n\n`).join('') + 'data: [DONE]\n\n';
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** An id as the provider makes them: 29 random letters, which no compression makes shorter. */
function responseId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(29));
  return `chatcmpl-${Array.from(bytes, (byte) => letters[byte % letters.length]).join('')}`;
}

/** A `fetch` that answers a chat completion at once, each with an id of its own. */
export function answerInMemory(): typeof fetch {
  return async () =>
    new Response(completionText.replace('chatcmpl_bench', responseId()), {
      headers: { 'content-type': 'application/json', 'x-request-id': 'req_bench' },
    });
}

/** A `fetch` that answers a stream at once, all of it in one piece. */
export function streamInMemory(chunks: number): typeof fetch {
  const text = streamText(chunks);
  return async () =>
    new Response(text.replaceAll('chatcmpl_bench', responseId()), {
      headers: { 'content-type': 'text/event-stream' },
    });
}
