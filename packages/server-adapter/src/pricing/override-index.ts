import type { CompiledPrice } from './compiled-price.ts';

/** The organization's own prices by provider and model, both as calls name them. */
export interface OverrideIndex {
  /** Whether any row names one of these providers. */
  knowsProvider(providers: readonly string[]): boolean;
  find(providers: readonly string[], model: string): readonly CompiledPrice[];
}

const key = (provider: string, model: string): string => `${provider}\u0000${model}`;

/**
 * Indexes override rows. Names are compared in lower case; there are no patterns, so a price never reaches a model that
 * nobody meant.
 *
 * @example
 * const index = indexOverrides(prices);
 * index.find(['openai'], 'gpt-4o-mini');
 */
export function indexOverrides(prices: readonly CompiledPrice[]): OverrideIndex {
  const providersWithRows = new Set<string>();
  const rows = new Map<string, CompiledPrice[]>();
  for (const price of prices) {
    const provider = price.row.provider.trim().toLowerCase();
    providersWithRows.add(provider);
    const place = key(provider, price.row.model.trim().toLowerCase());
    const found = rows.get(place);
    if (found) found.push(price);
    else rows.set(place, [price]);
  }
  return {
    knowsProvider: (providers) => providers.some((provider) => providersWithRows.has(provider)),
    find: (providers, model) =>
      providers.flatMap((provider) => rows.get(key(provider, model.trim().toLowerCase())) ?? []),
  };
}
