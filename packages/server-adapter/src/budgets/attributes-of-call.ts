import type { BudgetScope } from '@tallykit/protocol';
import { customerNotAllowed } from '../access/access-problems.ts';
import type { BudgetAttributes } from '../storage/contract/budget-store.ts';
import { boundCustomer, type BudgetContext } from './budget-context.ts';
import { budgetFieldWithheld, keyNotAllowed } from './budget-problems.ts';

/**
 * The attributes of the call that somebody asks about. A key asks for itself, whoever is bound to a customer for that
 * customer; naming another is refused in the same words whether it exists or not.
 */
export function attributesOfCall(
  scope: BudgetScope,
  { caller }: Pick<BudgetContext, 'caller'>,
): BudgetAttributes {
  const { principal, credential, keyId } = caller;
  const own = boundCustomer(principal);
  const { customerId = own, productId = null, flow = null } = scope;
  if (own !== null && customerId !== own) throw customerNotAllowed();
  if (credential === 'ingest_key') {
    if (scope.keyId !== undefined && scope.keyId !== keyId) throw keyNotAllowed();
    return { customerId, productId, flow, keyId };
  }
  if (scope.keyId !== undefined && principal.role !== 'operator') throw budgetFieldWithheld('/scope/keyId');
  return { customerId, productId, flow, keyId: scope.keyId ?? null };
}
