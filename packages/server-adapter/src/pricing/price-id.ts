import { createHash } from 'node:crypto';
import type { PriceDraft } from '../storage/contract/price-store.ts';

/** A price row without its id. */
export type PriceContent = Omit<PriceDraft, 'id'>;

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The id of a price row: the first 32 hex digits of the SHA-256 of its content, so the same row always has the same id
 * and a changed one never does. `after` is the id of the row that it puts back in force, where its content stood before.
 *
 * @example
 * const id = priceId(content);
 */
export function priceId(content: PriceContent, after: string | null = null): string {
  const text = JSON.stringify(after === null ? content : { content, after }, sortedKeys);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
