import type { Principal } from '@tallykit/protocol';
import type { ReadScope } from '../storage/contract/scoped-reader.ts';
import { customerNotAllowed, unauthenticated } from './access-problems.ts';
import { mayHold } from './policy.ts';

/**
 * What a principal may read: everything of the organization for operators, own rows for customers. `descendants` are
 * ids below the principal's customer as the store resolved them; they count only when the host said `includeDescendants`.
 */
export function readScopeOf(principal: Principal, descendants: readonly string[] = []): ReadScope {
  const { organizationId, role, customerId, includeDescendants } = principal;
  if (role === 'operator' && customerId === undefined) return { organizationId, customers: 'all' };
  if (customerId === undefined || customerId === '') throw unauthenticated();
  const below = includeDescendants === true ? descendants : [];
  return { organizationId, customers: [...new Set([customerId, ...below])] };
}

/**
 * The principal as `asCustomer` and `customerId` of a request leave it: an operator is narrowed to what an admin of that
 * customer sees, scope and visibility together; a customer may name nobody but itself.
 */
export function narrowToCustomer(principal: Principal, customerId: string): Principal {
  if (principal.role !== 'operator' || principal.customerId !== undefined) {
    if (customerId !== principal.customerId) throw customerNotAllowed();
    return principal;
  }
  return {
    ...principal,
    role: 'customer_admin',
    customerId,
    includeDescendants: false,
    permissions: principal.permissions.filter((leaf) => mayHold('customer_admin', leaf)),
  };
}
