import type { LlmCallEvent } from '@tallykit/protocol';

/** How a generated load is spread. */
export interface LoadShape {
  readonly events: number;
  readonly customers: number;
  /** Unix milliseconds: the last moment of the load. */
  readonly until: number;
  readonly days: number;
  /** Sets one load's ids apart from another's. */
  readonly seed: number;
}

const models = [
  ['openai', 'gpt-4o-mini'],
  ['openai', 'gpt-4o'],
  ['openai', 'gpt-4.1-mini'],
  ['anthropic', 'claude-sonnet-4-5'],
  ['groq', 'llama-3.3-70b-versatile'],
] as const;

/** A small generator (xorshift), so that a load is the same at every run. */
function randomOf(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

function hex(value: number, digits: number): string {
  return Math.floor(value).toString(16).padStart(digits, '0').slice(-digits);
}

/** Calls spread evenly over the last `days` days, oldest first, a few at a time. */
export function* generateEvents(shape: LoadShape, batch: number): Generator<readonly LlmCallEvent[]> {
  const random = randomOf(shape.seed);
  const from = shape.until - shape.days * 86_400_000;
  const step = (shape.until - from) / shape.events;
  for (let first = 0; first < shape.events; first += batch) {
    yield Array.from({ length: Math.min(batch, shape.events - first) }, (_, index): LlmCallEvent => {
      const number = first + index;
      const time = hex(from + number * step, 12);
      const tail = `${hex(shape.seed, 4)}${hex(number, 8)}`;
      const id = `${time.slice(0, 8)}-${time.slice(8)}-7${hex(random() * 4096, 3)}-8${hex(random() * 4096, 3)}-${tail}`;
      const [provider, model] = models[Math.floor(random() ** 2 * models.length)] ?? models[0];
      const customer = Math.floor(random() ** 2 * shape.customers);
      return {
        kind: 'llm_call',
        id,
        traceId: `${hex(shape.seed + 1, 8)}${hex(number, 8)}${hex(random() * 2 ** 32, 8)}${hex(random() * 2 ** 32, 8)}`,
        callId: id,
        attempt: 1,
        final: true,
        customerId: `customer-${customer}`,
        userId: `customer-${customer}-user-${Math.floor(random() * 20)}`,
        productId: `product-${Math.floor(random() * 4)}`,
        flow: `flow-${Math.floor(random() * 12)}`,
        configuration: 'prompts-12',
        conversationId: `conversation-${shape.seed}-${Math.floor(number / 4)}`,
        environment: 'production',
        provider,
        requestModel: model,
        operation: 'chat',
        responseId: `response-${shape.seed}-${number}`,
        status: 'ok',
        complete: true,
        durationMs: 200 + Math.floor(random() * 3000),
        usage: {
          input: 500 + Math.floor(random() * 4000),
          cacheRead: Math.floor(random() * 1000),
          output: Math.floor(random() * 800),
        },
      };
    });
  }
}
