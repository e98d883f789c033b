import type { PriceInput } from '@tallykit/protocol';
import type { StoredPrice } from '../../storage/contract/price-store.ts';
import { createPriceBook, type PriceBook } from '../price-book.ts';
import { priceId } from '../price-id.ts';
import { readPriceInput } from '../read-price-input.ts';

/** An override row of openai/gpt-4o-mini at 1 a million input and 2 a million output tokens, unless told otherwise. */
export function overrideRow(
  input: Partial<PriceInput> = {},
  knownFrom = '2026-01-01T00:00:00.000Z',
): StoredPrice {
  const content = readPriceInput({
    provider: 'openai',
    model: 'gpt-4o-mini',
    rates: [
      { bucket: 'input', amount: '1' },
      { bucket: 'output', amount: '2' },
    ],
    ...input,
  });
  return { ...content, id: priceId(content), knownFrom };
}

/** A book of just these rows. */
export function bookOf(...rows: readonly StoredPrice[]): PriceBook {
  return createPriceBook({ version: 1, rows });
}
