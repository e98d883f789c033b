import { mutationOptions, type QueryClient } from '@tanstack/react-query';
import type { PricesPut, SettleRequest } from '@tallykit/protocol';
import type { TallykitClient } from '../create-client.ts';
import { principalKey } from './query-keys.ts';

/** What a mutation needs: whom to tell, and whose cached answers it makes old. */
export interface MutationParts {
  readonly client: TallykitClient;
  readonly queryClient: QueryClient;
}

/**
 * Stores price rows, then has every cached figure asked again: what waited for a price has a cost now.
 *
 * @example
 * const { mutate } = useMutation(putPricesMutation({ client, queryClient }));
 */
export function putPricesMutation({ client, queryClient }: MutationParts) {
  return mutationOptions({
    mutationKey: ['tallykit', 'prices', 'put'],
    mutationFn: (body: PricesPut) => client.prices.put(body),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: principalKey(client) }),
  });
}

/**
 * Settles pending calls or re-prices a range. A dry run leaves the cache alone.
 *
 * @example
 * const { mutate } = useMutation(settlePricesMutation({ client, queryClient }));
 * mutate({ calls: 'pending', dryRun: false });
 */
export function settlePricesMutation({ client, queryClient }: MutationParts) {
  return mutationOptions({
    mutationKey: ['tallykit', 'prices', 'settle'],
    mutationFn: (request: SettleRequest) => client.prices.settle(request),
    onSuccess: async (answer) => {
      if (!answer.dryRun) await queryClient.invalidateQueries({ queryKey: principalKey(client) });
    },
  });
}

/**
 * Erases a customer's personal ids and tags, then has every cached answer asked again. It cannot be undone.
 *
 * @example
 * const { mutate } = useMutation(eraseCustomerMutation({ client, queryClient }));
 * mutate('cus_42');
 */
export function eraseCustomerMutation({ client, queryClient }: MutationParts) {
  return mutationOptions({
    mutationKey: ['tallykit', 'customers', 'erase'],
    mutationFn: (customerId: string) => client.customers.erase(customerId),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: principalKey(client) }),
  });
}
