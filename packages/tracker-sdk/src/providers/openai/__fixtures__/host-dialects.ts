/** How one host that speaks OpenAI's API streams a chat completion, reduced to what differs. */
export interface HostDialect {
  readonly host: string;
  /** Where a host passes on what differs by model. */
  readonly model?: string;
  readonly baseURL: string;
  /** Page of the host's documentation that describes the shape. */
  readonly source: string;
  /** Data lines without `[DONE]`, as sent when usage was asked for where the host takes that. */
  readonly chunks: readonly object[];
  /** Indexes of the chunks that a caller who asked for nothing must see. */
  readonly visible: readonly number[];
}

const chunk = (choice: object | undefined, rest: object = {}): object => ({
  id: 'gen-1',
  object: 'chat.completion.chunk',
  created: 1_800_000_000,
  model: 'a-model',
  choices: choice ? [{ index: 0, finish_reason: null, ...choice }] : [],
  ...rest,
});

const text = { delta: { content: 'Hi' } };
const stop = { delta: {}, finish_reason: 'stop' };

export const hostDialects: readonly HostDialect[] = [
  {
    host: 'openai',
    baseURL: 'https://api.openai.com/v1',
    source: 'https://platform.openai.com/docs/api-reference/chat-streaming/streaming',
    chunks: [
      chunk(text, { usage: null, service_tier: 'default' }),
      chunk(stop, { usage: null, service_tier: 'default' }),
      chunk(undefined, {
        usage: { prompt_tokens: 30, completion_tokens: 5, total_tokens: 35, prompt_tokens_details: { cached_tokens: 10 } },
      }),
    ],
    visible: [0, 1],
  },
  {
    host: 'azure',
    baseURL: 'https://mine.openai.azure.com/openai/v1',
    source: 'https://learn.microsoft.com/azure/ai-services/openai/concepts/content-streaming',
    chunks: [
      // Prompt filter results come first: no choices, no id, and nothing to hide.
      { ...chunk(undefined, { prompt_filter_results: [], usage: null }), id: '', model: '' },
      chunk(text, { usage: null }),
      chunk(stop, { usage: null }),
      chunk(undefined, { usage: { prompt_tokens: 30, completion_tokens: 5, total_tokens: 35 } }),
    ],
    visible: [0, 1, 2],
  },
  {
    host: 'openrouter',
    baseURL: 'https://openrouter.ai/api/v1',
    source: 'https://openrouter.ai/docs/use-cases/usage-accounting',
    chunks: [
      chunk(text),
      chunk(stop),
      chunk(undefined, {
        usage: {
          prompt_tokens: 30,
          completion_tokens: 5,
          total_tokens: 35,
          cost: 0.00014,
          prompt_tokens_details: { cached_tokens: 10, cache_write_tokens: 8 },
          completion_tokens_details: { reasoning_tokens: 2 },
        },
      }),
    ],
    visible: [0, 1],
  },
  {
    // Anthropic itself counts the cache beside the input; OpenRouter counts it in the prompt, as it does for all.
    host: 'openrouter',
    model: 'anthropic/claude-opus-4.5',
    baseURL: 'https://openrouter.ai/api/v1',
    source: 'https://openrouter.ai/docs/features/prompt-caching',
    chunks: [
      chunk(text),
      chunk(stop),
      chunk(undefined, {
        usage: {
          prompt_tokens: 5000,
          completion_tokens: 5,
          total_tokens: 5005,
          prompt_tokens_details: { cached_tokens: 4000, cache_write_tokens: 994 },
          cost_details: { upstream_inference_cost: null },
        },
      }),
    ],
    visible: [0, 1],
  },
  {
    host: 'groq',
    baseURL: 'https://api.groq.com/openai/v1',
    source: 'https://console.groq.com/docs/api-reference#chat-create',
    chunks: [
      chunk({ delta: { reasoning: 'Hm', content: '' } }, { x_groq: { id: 'req_1' } }),
      chunk(text),
      chunk(stop, {
        x_groq: { id: 'req_1', usage: { prompt_tokens: 30, completion_tokens: 5, total_tokens: 35 } },
      }),
    ],
    visible: [0, 1, 2],
  },
  {
    host: 'together',
    baseURL: 'https://api.together.xyz/v1',
    source: 'https://docs.together.ai/reference/chat-completions-1',
    chunks: [
      chunk(text, { usage: null }),
      chunk(stop, { usage: { prompt_tokens: 30, completion_tokens: 5, total_tokens: 35 } }),
    ],
    visible: [0, 1],
  },
  {
    host: 'perplexity',
    baseURL: 'https://api.perplexity.ai',
    source: 'https://docs.perplexity.ai/guides/streaming-responses',
    chunks: [
      chunk(text, { usage: { prompt_tokens: 30, completion_tokens: 1, total_tokens: 31 } }),
      chunk(stop, { usage: { prompt_tokens: 30, completion_tokens: 5, total_tokens: 35 } }),
    ],
    visible: [0, 1],
  },
  {
    host: 'x-ai',
    baseURL: 'https://api.x.ai/v1',
    source: 'https://docs.x.ai/docs/guides/reasoning',
    chunks: [
      chunk(text),
      chunk(stop),
      chunk(undefined, {
        usage: {
          prompt_tokens: 30,
          completion_tokens: 5,
          total_tokens: 135,
          completion_tokens_details: { reasoning_tokens: 100 },
        },
      }),
    ],
    visible: [0, 1],
  },
];
