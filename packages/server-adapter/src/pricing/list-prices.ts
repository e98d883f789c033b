import type { PriceRow, PricesAnswer } from '@tallykit/protocol';
import { invalidParts } from '../http/invalid-request.ts';
import type { StoredPrice } from '../storage/contract/price-store.ts';
import { currentBook, type PricingContext } from './pricing-context.ts';

/** Rows on one page, unless told, and at most. */
const usualPage = 100;
const largestPage = 500;

function byName(a: StoredPrice, b: StoredPrice): number {
  const key = (row: StoredPrice): string[] => [
    row.source === 'override' ? '0' : '1',
    row.provider,
    row.model,
    row.validFrom ?? '',
    row.knownFrom,
    row.id,
  ];
  const [left, right] = [key(a), key(b)];
  for (const [index, part] of left.entries()) {
    const other = right[index] ?? '';
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
}

function shown({ rule: _rule, empty: _empty, ...row }: StoredPrice): PriceRow {
  return row;
}

function pageSizeOf(limit: string | null): number {
  if (limit === null) return usualPage;
  const size = /^\d{1,3}$/.test(limit) ? Number(limit) : 0;
  if (size < 1 || size > largestPage) {
    throw invalidParts([{ pointer: 'limit', detail: `Expected a whole number from 1 to ${largestPage}.` }]);
  }
  return size;
}

/**
 * The price rows of an organization, its own first, then by provider and model. `provider`, `model` and `source` narrow
 * them, `cursor` is the `nextCursor` of the page before, `limit` the size of a page: 100 unless told, at most 500.
 *
 * @example
 * const page = await listPrices(context, new URLSearchParams('provider=openai'));
 */
export async function listPrices(context: PricingContext, query: URLSearchParams): Promise<PricesAnswer> {
  const source = query.get('source');
  if (source !== null && source !== 'override' && source !== 'catalogue') {
    throw invalidParts([{ pointer: 'source', detail: 'Expected one of: override, catalogue.' }]);
  }
  const pageSize = pageSizeOf(query.get('limit'));
  const provider = query.get('provider')?.toLowerCase();
  const model = query.get('model')?.toLowerCase();
  const book = await currentBook(context);
  const rows = book.rows
    .filter((row) => source === null || row.source === source)
    .filter((row) => provider === undefined || row.provider.toLowerCase() === provider)
    .filter((row) => model === undefined || row.model.toLowerCase() === model)
    .sort(byName);

  const cursor = query.get('cursor');
  const start = cursor === null ? 0 : rows.findIndex((row) => row.id === cursor) + 1;
  if (cursor !== null && start === 0) {
    throw invalidParts([
      { pointer: 'cursor', detail: 'Not a cursor of this list. Begin again without one.' },
    ]);
  }
  const page = rows.slice(start, start + pageSize);
  const more = start + pageSize < rows.length;
  return { prices: page.map(shown), nextCursor: more ? (page.at(-1)?.id ?? null) : null };
}
