import type { QueryClient } from '@tanstack/react-query';
import type { TallykitClient } from '../create-client.ts';
import { principalKey } from './query-keys.ts';

/**
 * Drops everything that is cached for a principal as soon as somebody else is signed in. Answers with the way to stop.
 *
 * @example
 * useEffect(() => clearOnPrincipalChange(client, queryClient), [client, queryClient]);
 */
export function clearOnPrincipalChange(client: TallykitClient, queryClient: QueryClient): () => void {
  let queryKey = principalKey(client);
  return client.session.subscribe(() => {
    const left = queryKey;
    queryKey = principalKey(client);
    void queryClient.cancelQueries({ queryKey: left });
    queryClient.removeQueries({ queryKey: left });
  });
}
