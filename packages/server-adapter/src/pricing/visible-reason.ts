import type { Visibility } from '@tallykit/protocol';
import { isPendingReason } from './pending.ts';

/** What a customer is told instead of the reasons that would show the vendor's prices, contracts or providers. */
export const priceUnknown = 'price_unknown';

const forEverybody: ReadonlySet<string> = new Set(['usage_absent', 'not_billed', 'repriced']);

/**
 * The code of a cost's reason as its reader may see it. Operators see every code. Customers see whether usage is missing or
 * the call was not billed; every other reason to wait is `price_unknown`, and how a price was found is nothing.
 *
 * @example
 * visibleReason('no_price_for_tier', 'customer'); // 'price_unknown'
 */
export function visibleReason(reason: string | null, visibility: Visibility): string | null {
  if (reason === null || visibility === 'operator' || forEverybody.has(reason)) return reason;
  return isPendingReason(reason) ? priceUnknown : null;
}
