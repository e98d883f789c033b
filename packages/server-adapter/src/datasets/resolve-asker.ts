import type { Principal } from '@tallykit/protocol';
import { customerNotAllowed } from '../access/access-problems.ts';
import { readScopeOf, narrowToCustomer } from '../access/scope.ts';
import type { ReadScope } from '../storage/contract/scoped-reader.ts';
import type { Who } from './question.ts';

/** Whose rights count for a question, and which rows it may read. */
export interface ResolvedAsker {
  readonly principal: Principal;
  readonly scope: ReadScope;
}

/**
 * Narrows a principal to what a request names: `asCustomer` takes scope and visibility together, `customerId` the scope
 * alone. Whoever is bound to a customer may name that customer, or one below it when the host included those; anything
 * else is refused, in the same words whether it exists or not.
 *
 * @param descendants ids below the principal's customer, as the store resolved them
 */
export function resolveAsker(principal: Principal, who: Who, descendants: readonly string[]): ResolvedAsker {
  const own = readScopeOf(principal, descendants);
  if (who.asCustomer === undefined) return { principal, scope: narrowScope(own, who.customerId) };
  const scope = narrowScope(narrowScope(own, who.asCustomer), who.customerId);
  if (principal.role !== 'operator') return { principal, scope };
  // An operator that the host bound to a customer is narrowed in what it sees as well.
  const { customerId: _bound, ...unbound } = principal;
  return { principal: narrowToCustomer(unbound, who.asCustomer), scope };
}

function narrowScope(scope: ReadScope, customerId: string | undefined): ReadScope {
  if (customerId === undefined) return scope;
  if (scope.customers !== 'all' && !scope.customers.includes(customerId)) throw customerNotAllowed();
  return { ...scope, customers: [customerId] };
}
