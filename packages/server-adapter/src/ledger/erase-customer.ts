import { identifierSchema, type EraseAnswer } from '@tallykit/protocol';
import type { Clock } from '../primitives/clock.ts';
import type { OrganizationStore } from '../storage/contract/storage.ts';
import { customerNotFound } from './ledger-problems.ts';

/**
 * Asks for a customer's personal ids, tags and name to be erased. The request is durable when this returns; rows are
 * changed in the background. Amounts and counts stay.
 */
export async function eraseCustomer(
  store: OrganizationStore,
  customerId: string,
  clock: Clock,
): Promise<EraseAnswer> {
  if (!identifierSchema.safeParse(customerId).success) throw customerNotFound();
  const at = clock.now();
  const erased = await store.eraseCustomer(customerId, at);
  if (erased === null) throw customerNotFound();
  return {
    customerId,
    sequence: erased.sequence,
    requestedAt: new Date(at).toISOString(),
    events: erased.events,
  };
}
