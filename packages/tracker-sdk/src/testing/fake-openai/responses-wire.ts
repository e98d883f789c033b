import type { AnswerHead } from './chat-wire.ts';
import { piecesOf, textOf, type FakeReply, type FakeUsage } from './fake-reply.ts';

function responseUsage(usage: FakeUsage): Record<string, unknown> {
  return {
    input_tokens: usage.input,
    input_tokens_details: {
      ...(usage.cached === undefined ? {} : { cached_tokens: usage.cached }),
      ...(usage.cacheWrite === undefined ? {} : { cache_write_tokens: usage.cacheWrite }),
    },
    output_tokens: usage.output,
    output_tokens_details: usage.reasoning === undefined ? {} : { reasoning_tokens: usage.reasoning },
    total_tokens: usage.input + usage.output,
  };
}

function outputOf(head: AnswerHead, reply: FakeReply): Record<string, unknown>[] {
  if (reply.toolCalls) {
    return reply.toolCalls.map((call, index) => ({
      id: `fc_${head.id}_${index}`,
      type: 'function_call',
      status: 'completed',
      call_id: `call_${index}`,
      name: call.name,
      arguments: call.arguments,
    }));
  }
  const part = { type: 'output_text', text: textOf(reply), annotations: [], logprobs: [] };
  return [{ id: `msg_${head.id}`, type: 'message', status: 'completed', role: 'assistant', content: [part] }];
}

/** Body of an answer of the Responses API, in the state that the reply asks for. */
export function responseBody(
  head: AnswerHead,
  reply: FakeReply,
  request: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const status = reply.status ?? 'completed';
  const finished =
    status === 'completed' || status === 'incomplete' || status === 'failed' || status === 'cancelled';
  const usage = reply.wireUsage ?? (reply.usage && responseUsage(reply.usage));
  return {
    id: head.id,
    object: 'response',
    created_at: head.created,
    status,
    background: request['background'] === true,
    error: status === 'failed' ? { code: 'server_error', message: 'The model failed.' } : null,
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    instructions: null,
    metadata: {},
    model: head.model,
    output: finished && status !== 'failed' && status !== 'cancelled' ? outputOf(head, reply) : [],
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: request['tools'] ?? [],
    top_p: 1,
    ...(reply.serviceTier ? { service_tier: reply.serviceTier } : {}),
    usage: finished && usage ? usage : null,
  };
}

function itemEvents(item: Record<string, unknown>, index: number, pieces: readonly string[]): unknown[] {
  const place = { output_index: index, item_id: item['id'] };
  const pending = { ...item, status: 'in_progress' };
  if (item['type'] === 'function_call') {
    return [
      { type: 'response.output_item.added', output_index: index, item: { ...pending, arguments: '' } },
      { type: 'response.function_call_arguments.delta', ...place, delta: item['arguments'] },
      {
        type: 'response.function_call_arguments.done',
        ...place,
        arguments: item['arguments'],
        name: item['name'],
      },
      { type: 'response.output_item.done', output_index: index, item },
    ];
  }
  const part = { type: 'output_text', text: '', annotations: [], logprobs: [] };
  const text = pieces.join('');
  const inPart = { ...place, content_index: 0 };
  return [
    { type: 'response.output_item.added', output_index: index, item: { ...pending, content: [] } },
    { type: 'response.content_part.added', ...inPart, part },
    ...pieces.map((delta) => ({ type: 'response.output_text.delta', ...inPart, delta, logprobs: [] })),
    { type: 'response.output_text.done', ...inPart, text, logprobs: [] },
    { type: 'response.content_part.done', ...inPart, part: { ...part, text } },
    { type: 'response.output_item.done', output_index: index, item },
  ];
}

/** Events of a streamed answer of the Responses API, each with its type and its data line. */
export function responseEvents(
  head: AnswerHead,
  reply: FakeReply,
  request: Readonly<Record<string, unknown>>,
): { readonly type: string; readonly data: string }[] {
  const final = responseBody(head, reply, request);
  const begun = responseBody(head, { ...reply, status: 'in_progress' }, request);
  const items = final['output'] as Record<string, unknown>[];
  const events = [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    ...items.flatMap((item, index) => itemEvents(item, index, piecesOf(reply))),
    { type: `response.${String(final['status'])}`, response: final },
  ] as { type: string }[];
  return events.map((event, index) => ({
    type: event.type,
    data: JSON.stringify({ ...event, sequence_number: index }),
  }));
}
