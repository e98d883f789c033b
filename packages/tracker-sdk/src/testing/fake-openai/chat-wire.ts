import { piecesOf, textOf, type FakeReply, type FakeUsage } from './fake-reply.ts';

/** Facts of one answer that every part of it repeats. */
export interface AnswerHead {
  readonly id: string;
  readonly model: string;
  /** Unix seconds. */
  readonly created: number;
}

function chatUsage(usage: FakeUsage): Record<string, unknown> {
  const promptDetails = {
    ...(usage.cached === undefined ? {} : { cached_tokens: usage.cached }),
    ...(usage.cacheWrite === undefined ? {} : { cache_write_tokens: usage.cacheWrite }),
    ...(usage.inputAudio === undefined ? {} : { audio_tokens: usage.inputAudio }),
  };
  const completionDetails = {
    ...(usage.reasoning === undefined ? {} : { reasoning_tokens: usage.reasoning }),
    ...(usage.outputAudio === undefined ? {} : { audio_tokens: usage.outputAudio }),
  };
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    ...(Object.keys(promptDetails).length === 0 ? {} : { prompt_tokens_details: promptDetails }),
    ...(Object.keys(completionDetails).length === 0 ? {} : { completion_tokens_details: completionDetails }),
  };
}

function reportedUsage(reply: FakeReply): Record<string, unknown> | undefined {
  return reply.wireUsage ?? (reply.usage && chatUsage(reply.usage));
}

function finishReasonOf(reply: FakeReply): string {
  return reply.finishReason ?? (reply.toolCalls ? 'tool_calls' : 'stop');
}

/** Body of a chat completion that is not streamed. */
export function chatBody(head: AnswerHead, reply: FakeReply): Record<string, unknown> {
  const usage = reportedUsage(reply);
  const toolCalls = reply.toolCalls?.map((call, index) => ({
    id: `call_${index}`,
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }));
  const message = {
    role: 'assistant',
    content: toolCalls ? null : textOf(reply),
    refusal: null,
    ...(toolCalls ? { tool_calls: toolCalls } : {}),
  };
  return {
    id: head.id,
    object: 'chat.completion',
    created: head.created,
    model: head.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReasonOf(reply) }],
    ...(usage ? { usage } : {}),
    ...(reply.serviceTier ? { service_tier: reply.serviceTier } : {}),
  };
}

/** Data lines of a streamed chat completion, without `[DONE]`. */
export function chatChunks(head: AnswerHead, reply: FakeReply, includeUsage: boolean): string[] {
  const usage = reportedUsage(reply);
  const shared = {
    id: head.id,
    object: 'chat.completion.chunk',
    created: head.created,
    model: head.model,
    ...(reply.serviceTier ? { service_tier: reply.serviceTier } : {}),
  };
  const chunk = (delta: unknown, finishReason: string | null): string =>
    JSON.stringify({
      ...shared,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
      ...(includeUsage ? { usage: null } : {}),
    });

  const lines = [chunk({ role: 'assistant', content: '' }, null)];
  if (reply.toolCalls) {
    reply.toolCalls.forEach((call, index) => {
      const start = {
        index,
        id: `call_${index}`,
        type: 'function',
        function: { name: call.name, arguments: '' },
      };
      lines.push(chunk({ tool_calls: [start] }, null));
      lines.push(chunk({ tool_calls: [{ index, function: { arguments: call.arguments } }] }, null));
    });
  } else {
    for (const piece of piecesOf(reply)) lines.push(chunk({ content: piece }, null));
  }
  lines.push(chunk({}, finishReasonOf(reply)));
  if (includeUsage && usage) lines.push(JSON.stringify({ ...shared, choices: [], usage }));
  return lines;
}
