import { mutationOptions } from '@tanstack/react-query';
import type { BudgetInput } from '@tallykit/protocol';
import type { MutationParts } from './mutations.ts';
import { questionKey } from './query-keys.ts';

const budgetsOf = (client: MutationParts['client']) => questionKey(client.session.principal(), 'budgets', []);

/**
 * Stores a budget or changes it, then has every cached budget asked again.
 *
 * @example
 * const { mutate } = useMutation(putBudgetMutation({ client, queryClient }));
 * mutate({
 *   id: 'monthly-cap',
 *   scope: { customerId: 'cus_42' },
 *   limit: { unit: 'money', amount: '250', currency: 'USD' },
 *   window: 'month',
 *   action: 'block',
 * });
 */
export function putBudgetMutation({ client, queryClient }: MutationParts) {
  return mutationOptions({
    mutationKey: ['tallykit', 'budgets', 'put'],
    mutationFn: ({ id, ...budget }: BudgetInput) => client.budgets.put(id, budget),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: budgetsOf(client) }),
  });
}

/**
 * Removes a budget, then has every cached budget asked again.
 *
 * @example
 * const { mutate } = useMutation(deleteBudgetMutation({ client, queryClient }));
 * mutate('monthly-cap');
 */
export function deleteBudgetMutation({ client, queryClient }: MutationParts) {
  return mutationOptions({
    mutationKey: ['tallykit', 'budgets', 'delete'],
    mutationFn: (id: string) => client.budgets.delete(id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: budgetsOf(client) }),
  });
}
