import type { Storage } from '../storage/contract/storage.ts';
import { createPriceBook, type PriceBook } from './price-book.ts';

/** The price books of all organizations, loaded once a version. */
export interface PriceBooks {
  /**
   * An organization's book. Without `version` the one at hand, which a change elsewhere may have made stale: the store says
   * so when something priced with it is written. With `version`, one at least as new.
   */
  bookFor(organizationId: string, version?: number): Promise<PriceBook>;
}

// A book holds the whole catalogue, so a process keeps those of the organizations that it served last.
const booksKept = 50;

/**
 * Keeps price books at hand.
 *
 * @example
 * const books = createPriceBooks({ storage });
 * const book = await books.bookFor('default');
 */
export function createPriceBooks({
  storage,
}: {
  readonly storage: Pick<Storage, 'forOrganization'>;
}): PriceBooks {
  const books = new Map<string, PriceBook>();
  const loading = new Map<string, Promise<PriceBook>>();

  async function load(organizationId: string): Promise<PriceBook> {
    const store = storage.forOrganization({ organizationId, subject: 'job:pricing' });
    const book = createPriceBook(await store.prices());
    books.delete(organizationId);
    books.set(organizationId, book);
    const [oldest] = books.keys();
    if (books.size > booksKept && oldest !== undefined) books.delete(oldest);
    return book;
  }

  return {
    async bookFor(organizationId, version = 0) {
      const book = books.get(organizationId);
      if (book !== undefined && book.version >= version) return book;
      // One load at a time. A load that began before the change may miss it, so it does not count for this version.
      const running = loading.get(organizationId);
      if (running !== undefined) {
        const loaded = await running;
        if (loaded.version >= version) return loaded;
      }
      let next = loading.get(organizationId);
      if (next === undefined) {
        next = load(organizationId).finally(() => loading.delete(organizationId));
        loading.set(organizationId, next);
      }
      return next;
    },
  };
}
