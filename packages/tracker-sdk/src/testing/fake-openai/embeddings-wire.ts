import type { AnswerHead } from './chat-wire.ts';
import type { FakeReply } from './fake-reply.ts';

/** Body of an embeddings answer: the same made-up vector for each input, in the encoding that was asked for. */
export function embeddingsBody(
  head: AnswerHead,
  reply: FakeReply,
  request: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const input = request['input'];
  const count = Array.isArray(input) && typeof input[0] !== 'number' ? input.length : 1;
  const vector = Float32Array.from({ length: reply.dimensions ?? 8 }, (_, index) => (index + 1) / 64);
  const embedding =
    request['encoding_format'] === 'base64'
      ? Buffer.from(vector.buffer).toString('base64')
      : Array.from(vector);
  const usage =
    reply.wireUsage ?? (reply.usage && { prompt_tokens: reply.usage.input, total_tokens: reply.usage.input });
  return {
    object: 'list',
    data: Array.from({ length: count }, (_, index) => ({ object: 'embedding', index, embedding })),
    model: head.model,
    ...(usage ? { usage } : {}),
  };
}
