import { ledgerCustomersPutSchema, type LedgerCustomer, type PutAnswer } from '@tallykit/protocol';
import { invalidRequest } from '../http/invalid-request.ts';
import type { Clock } from '../primitives/clock.ts';
import type { OrganizationStore } from '../storage/contract/storage.ts';
import { faultsOfRepeatedIds, invalidLedgerRows, type LedgerFault } from './ledger-problems.ts';

/**
 * Stores customers by their own id, all or none. Putting the same rows again changes nothing. Rows that would put a
 * customer below itself are refused, also when the circle closes through customers that are already stored.
 *
 * @param body a `LedgerCustomersPut`, unchecked
 */
export async function putCustomers(
  store: OrganizationStore,
  body: unknown,
  clock: Clock,
): Promise<PutAnswer> {
  const parsed = ledgerCustomersPutSchema.safeParse(body);
  if (!parsed.success) throw invalidRequest(parsed.error);
  const { customers } = parsed.data;
  const repeated = faultsOfRepeatedIds('/customers', customers);
  if (repeated.length > 0) throw invalidLedgerRows(repeated);
  const named = customers.flatMap(({ parentCustomerId }) => parentCustomerId ?? []);
  const stored = await store.parentLinks([...new Set(named)]);
  const circles = faultsOfParents(customers, stored);
  if (circles.length > 0) throw invalidLedgerRows(circles);
  return store.putCustomers(customers, clock.now());
}

/** Rows of a batch whose chain of parents, over the batch and what is stored, leads back to themselves. */
export function faultsOfParents(
  customers: readonly LedgerCustomer[],
  stored: readonly { readonly id: string; readonly parentCustomerId: string }[],
): readonly LedgerFault[] {
  const parents = new Map<string, string | null>(
    stored.map(({ id, parentCustomerId }) => [id, parentCustomerId]),
  );
  for (const { id, parentCustomerId } of customers) parents.set(id, parentCustomerId ?? null);
  return customers.flatMap(({ id }, index) =>
    isAboveItself(id, parents)
      ? [
          {
            pointer: `/customers/${index}/parentCustomerId`,
            detail: 'A customer cannot be below itself, directly or through others.',
          },
        ]
      : [],
  );
}

function isAboveItself(start: string, parents: ReadonlyMap<string, string | null>): boolean {
  const passed = new Set<string>();
  let next = parents.get(start) ?? null;
  while (next !== null && !passed.has(next)) {
    if (next === start) return true;
    passed.add(next);
    next = parents.get(next) ?? null;
  }
  return false;
}
