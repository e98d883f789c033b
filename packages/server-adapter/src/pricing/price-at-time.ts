import { byPrecedence, holdsAt, type CompiledPrice } from './compiled-price.ts';
import type { PriceGroup } from './price-search.ts';

function holding(prices: readonly CompiledPrice[], at: number): CompiledPrice | null {
  let best: CompiledPrice | null = null;
  for (const price of prices) {
    if (holdsAt(price, at) && (best === null || byPrecedence(price, best) < 0)) best = price;
  }
  return best;
}

// A row without a start in the first release holds since ever. In a later release it says what the price is since that
// release, not what it always was: otherwise an upgrade of the catalogue would rewrite history.
function saidSince(price: CompiledPrice, firstRelease: boolean): number {
  if (price.validFrom !== Number.NEGATIVE_INFINITY || firstRelease) return price.validFrom;
  return price.knownFrom;
}

/**
 * The price of a group that held at an instant (Unix milliseconds), or null. Of several releases of the catalogue the one
 * with the latest statement before that instant decides; a model that only a later release knows is priced by that one.
 *
 * @example
 * const price = priceAtTime(group, occurredAt);
 */
export function priceAtTime(group: PriceGroup, at: number): CompiledPrice | null {
  const [only, ...later] = group.releases;
  if (only === undefined) return null;
  if (later.length === 0) return holding(only, at);
  const first = group.releases.findIndex((prices) => prices.length > 0);
  let best: { readonly since: number; readonly price: CompiledPrice } | null = null;
  let unstated: CompiledPrice | null = null;
  for (const [index, prices] of group.releases.entries()) {
    const price = holding(prices, at);
    if (price === null) continue;
    const since = saidSince(price, index === first);
    if (since > at) unstated ??= price;
    else if (best === null || since >= best.since) best = { since, price };
  }
  return best?.price ?? unstated;
}
