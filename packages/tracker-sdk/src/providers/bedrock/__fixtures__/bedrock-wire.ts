import type { FakeBedrockReply } from './start-fake-bedrock.ts';

/**
 * Answers of Bedrock in the shapes of its API reference (Converse, ConverseStream, TokenUsage, CacheDetail) and of "Inference
 * request parameters and response fields for foundation models" in its user guide (Anthropic Claude, Amazon Nova, Amazon
 * Titan Embeddings, Meta Llama).
 */
type Usage = Readonly<Record<string, unknown>> | undefined;

interface Said {
  readonly pieces: readonly string[];
  /** As it is on the wire; absent: the model reports nothing. */
  readonly usage?: Usage;
}

const router = { promptRouter: { invokedModelId: 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0' } };

export function converseReply({ pieces, usage, ...own }: Said & Readonly<Record<string, unknown>>): FakeBedrockReply {
  return {
    body: {
      output: { message: { role: 'assistant', content: [{ text: pieces.join('') }] } },
      stopReason: 'end_turn',
      usage,
      metrics: { latencyMs: 12 },
      trace: router,
      ...own,
    },
  };
}

export function converseStreamReply({ pieces, usage, ...own }: Said & Readonly<Record<string, unknown>>): FakeBedrockReply {
  return {
    events: [
      ['messageStart', { role: 'assistant' }],
      ...pieces.map((text) => ['contentBlockDelta', { contentBlockIndex: 0, delta: { text } }] as const),
      ['contentBlockStop', { contentBlockIndex: 0 }],
      ['messageStop', { stopReason: 'end_turn' }],
      ['metadata', { usage, metrics: { latencyMs: 12 }, trace: router, ...own }],
    ],
  };
}

export const claudeModel = 'claude-sonnet-4-5-20250929';

export function claudeReply({ pieces, usage }: Said): FakeBedrockReply {
  return {
    body: {
      model: claudeModel,
      id: 'msg_bdrk_01',
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text: pieces.join('') }],
      stop_reason: 'end_turn',
      usage,
    },
  };
}

/** Chunks of a model's own format: JSON in base64, one an event. */
export function chunkEvents(chunks: readonly unknown[]): FakeBedrockReply {
  return {
    events: chunks.map((chunk) => [
      'chunk',
      { bytes: Buffer.from(JSON.stringify(chunk)).toString('base64') },
    ]),
  };
}

export function claudeStreamReply({ pieces, usage }: Said): FakeBedrockReply {
  const { output_tokens: output, ...input } = usage ?? {};
  const metrics = {
    inputTokenCount: input['input_tokens'],
    outputTokenCount: output,
    cacheReadInputTokenCount: input['cache_read_input_tokens'],
    invocationLatency: 40,
    firstByteLatency: 9,
  };
  return chunkEvents([
    {
      type: 'message_start',
      message: { model: claudeModel, id: 'msg_bdrk_01', ...(usage ? { usage: { ...input, output_tokens: 1 } } : {}) },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...pieces.map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn' },
      ...(usage ? { usage: { output_tokens: output } } : {}),
    },
    { type: 'message_stop', ...(usage ? { 'amazon-bedrock-invocationMetrics': metrics } : {}) },
  ]);
}

export function novaStreamReply({ pieces, usage }: Said): FakeBedrockReply {
  return chunkEvents([
    { messageStart: { role: 'assistant' } },
    ...pieces.map((text) => ({ contentBlockDelta: { delta: { text }, contentBlockIndex: 0 } })),
    { contentBlockStop: { contentBlockIndex: 0 } },
    { messageStop: { stopReason: 'end_turn' } },
    { metadata: { usage, metrics: {}, trace: {} } },
  ]);
}
