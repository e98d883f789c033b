import { queryOptions } from '@tanstack/react-query';
import type { ConversationAnswer } from '@tallykit/protocol';
import type { TallykitClient } from '../create-client.ts';
import { questionKey } from './query-keys.ts';

/**
 * Options of one conversation with what it came to. A conversation may still go on, so it goes stale soon.
 *
 * @example
 * const { data } = useQuery(conversationQuery(client, 'conv_7'));
 */
export function conversationQuery(client: TallykitClient, conversationId: string) {
  const principal = client.session.principal();
  const queryKey = questionKey(principal, 'conversation', [conversationId]);
  return queryOptions<ConversationAnswer, Error, ConversationAnswer, typeof queryKey>({
    queryKey,
    queryFn: ({ signal }) => client.conversations.get(conversationId, { signal, principal }),
    staleTime: 30_000,
    retry: false,
  });
}
