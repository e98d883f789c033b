import type { FakeAnthropicReply } from './fake-anthropic-reply.ts';

// Written from https://platform.claude.com/docs/en/api/messages and
// https://platform.claude.com/docs/en/build-with-claude/streaming.

/** Facts of one answer that every part of it repeats. */
export interface MessageHead {
  readonly id: string;
  readonly model: string;
}

type Block = Readonly<Record<string, unknown>>;

/** Pieces in which a reply's text is streamed. */
export const piecesOf = (reply: FakeAnthropicReply): readonly string[] =>
  reply.chunks ?? (reply.toolUses ? [] : ['Hello ', 'there.']);

function contentOf(reply: FakeAnthropicReply): Block[] {
  const text = piecesOf(reply).join('');
  const { thinking, toolUses = [] } = reply;
  return [
    ...(thinking === undefined ? [] : [{ type: 'thinking', thinking, signature: 'c2ln' }]),
    ...(text ? [{ type: 'text', text, citations: null }] : []),
    ...toolUses.map((tool, index) => ({ type: 'tool_use', id: `toolu_${index}`, ...tool })),
  ];
}

const stopReasonOf = (reply: FakeAnthropicReply): string =>
  reply.stopReason ?? (reply.toolUses ? 'tool_use' : 'end_turn');

/** Body of a message that is not streamed. */
export function messageBody(head: MessageHead, reply: FakeAnthropicReply): Record<string, unknown> {
  return {
    ...head,
    type: 'message',
    role: 'assistant',
    content: contentOf(reply),
    stop_reason: stopReasonOf(reply),
    stop_sequence: null,
    ...(reply.usage ? { usage: reply.usage } : {}),
  };
}

function blockEvents(block: Block, index: number, pieces: readonly string[]): object[] {
  const [empty, deltas] =
    block['type'] === 'text'
      ? [{ type: 'text', text: '' }, pieces.map((text) => ({ type: 'text_delta', text }))]
      : block['type'] === 'thinking'
        ? [
            { type: 'thinking', thinking: '', signature: '' },
            [
              { type: 'thinking_delta', thinking: block['thinking'] },
              { type: 'signature_delta', signature: block['signature'] },
            ],
          ]
        : [
            { ...block, input: {} },
            [{ type: 'input_json_delta', partial_json: JSON.stringify(block['input']) }],
          ];
  return [
    { type: 'content_block_start', index, content_block: empty },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

/** Events of a streamed message. The input is reported first, with one token of output as a placeholder. */
export function messageEvents(head: MessageHead, reply: FakeAnthropicReply): object[] {
  const { usage } = reply;
  const { output_tokens_details, server_tool_use, iterations, ...first } = usage ?? {};
  const { cache_creation, service_tier, inference_geo, ...last } = usage ?? {};
  void [output_tokens_details, server_tool_use, iterations, cache_creation, service_tier, inference_geo];
  const start = {
    ...messageBody(head, reply),
    content: [],
    stop_reason: null,
    ...(usage ? { usage: { ...first, output_tokens: 1 } } : {}),
  };
  const delta = { stop_reason: stopReasonOf(reply), stop_sequence: null };
  return [
    { type: 'message_start', message: start },
    { type: 'ping' },
    ...contentOf(reply).flatMap((block, index) => blockEvents(block, index, piecesOf(reply))),
    { type: 'message_delta', delta, ...(usage ? { usage: last } : {}) },
    { type: 'message_stop' },
  ];
}

/** Body of a legacy completion, which reports no usage. */
export function completionBody(head: MessageHead, reply: FakeAnthropicReply): Record<string, unknown> {
  return { type: 'completion', ...head, completion: piecesOf(reply).join(''), stop_reason: 'stop_sequence' };
}

/** Events of a streamed legacy completion. */
export function completionEvents(head: MessageHead, reply: FakeAnthropicReply): object[] {
  const piece = (completion: string, stopReason: string | null): object => ({
    type: 'completion',
    ...head,
    completion,
    stop_reason: stopReason,
  });
  return [...piecesOf(reply).map((text) => piece(text, null)), piece('', 'stop_sequence')];
}

/** The one form of every error. */
export const errorBody = (type: string, message: string): object => ({
  type: 'error',
  error: { type, message },
  request_id: 'req_failed',
});
