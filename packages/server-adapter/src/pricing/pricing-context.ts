import type { Clock } from '../primitives/clock.ts';
import type { OrganizationStore } from '../storage/contract/storage.ts';
import type { ChargeRule } from './charge-rule.ts';
import type { PriceBook } from './price-book.ts';
import type { PriceBooks } from './price-books.ts';

/** What changing and reading one organization's prices needs. */
export interface PricingContext {
  readonly store: OrganizationStore;
  readonly books: PriceBooks;
  readonly clock: Clock;
  readonly chargeRule: ChargeRule;
}

/**
 * The book as the store has it now, whichever process changed it.
 *
 * @example
 * const book = await currentBook(context);
 */
export async function currentBook({ store, books }: PricingContext): Promise<PriceBook> {
  const { priceVersion } = await store.logHead();
  return books.bookFor(store.organizationId, priceVersion);
}
