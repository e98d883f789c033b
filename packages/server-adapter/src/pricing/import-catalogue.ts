import type { Clock } from '../primitives/clock.ts';
import type { PriceStore } from '../storage/contract/price-store.ts';
import { catalogueRelease, catalogueRows } from './catalogue/catalogue-rows.ts';

/**
 * Stores the catalogue that comes with this package. A release that is there already changes nothing, so it is safe to
 * call at every start; a newer release adds rows and never edits older ones.
 *
 * @example
 * const { imported } = await importCatalogue(storage.forOrganization(principal), clock);
 */
export async function importCatalogue(
  store: PriceStore,
  clock: Clock,
): Promise<{ readonly imported: number }> {
  return store.importCatalogue(catalogueRelease, await catalogueRows(), clock.now());
}
