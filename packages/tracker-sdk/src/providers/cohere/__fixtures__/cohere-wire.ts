import type { FakeCohereReply } from './start-fake-cohere.ts';

/** What an answer says; counts as they are on the wire of Cohere's API reference. */
export interface Said {
  readonly pieces: readonly string[];
  readonly usage?: Readonly<Record<string, unknown>> | undefined;
}

/** The second version of chat: whole, and as events. */
export function chatReply({ pieces, usage }: Said): FakeCohereReply {
  return {
    body: {
      id: 'c14c80c3',
      finish_reason: 'COMPLETE',
      message: { role: 'assistant', content: [{ type: 'text', text: pieces.join('') }] },
      usage,
    },
    events: [
      { type: 'message-start', id: 'c14c80c3', delta: { message: { role: 'assistant', content: [] } } },
      { type: 'content-start', index: 0, delta: { message: { content: { type: 'text', text: '' } } } },
      ...pieces.map((text) => ({ type: 'content-delta', index: 0, delta: { message: { content: { text } } } })),
      { type: 'content-end', index: 0 },
      { type: 'message-end', delta: { finish_reason: 'COMPLETE', usage } },
    ],
  };
}

/** The first version of chat: whole, and as events. */
export function chatReplyV1({ pieces, usage }: Said): FakeCohereReply {
  const whole = { text: pieces.join(''), generation_id: 'gen-1', response_id: 'res-1', meta: usage, chat_history: [] };
  return {
    body: { ...whole, finish_reason: 'COMPLETE' },
    events: [
      { is_finished: false, event_type: 'stream-start', generation_id: 'gen-1' },
      ...pieces.map((text) => ({ is_finished: false, event_type: 'text-generation', text })),
      { is_finished: true, event_type: 'stream-end', finish_reason: 'COMPLETE', response: whole },
    ],
  };
}
