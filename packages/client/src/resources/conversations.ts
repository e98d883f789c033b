import type { ConversationAnswer } from '@tallykit/protocol';
import { conversationAnswerShape } from '../answers/answer-shapes.ts';
import { routes } from '../routes.ts';
import type { RequestOptions, Send } from '../send.ts';

/** Conversations, without their text. */
export interface ConversationsResource {
  /**
   * One conversation by the host's own id: its calls, tools, messages, signals and flow runs, with totals. A foreign or
   * unknown id is a 404.
   */
  get(id: string, options?: RequestOptions): Promise<ConversationAnswer>;
}

/** The conversations over one client's transport. */
export function conversationsResource(send: Send): ConversationsResource {
  return {
    get: (id, options) =>
      send(
        { route: routes.getConversation, parameters: { id }, safe: true, answer: conversationAnswerShape },
        options,
      ),
  };
}
