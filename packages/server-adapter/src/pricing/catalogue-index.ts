import type { CompiledPrice } from './compiled-price.ts';
import { compileMatchRule } from './catalogue/match-rule.ts';

/** A model of the catalogue that a name led to. */
export interface CatalogueModel {
  /** The catalogue's own name of the model. */
  readonly id: string;
  /** The provider whose list has it: the one asked for, or one whose models that one resells. */
  readonly provider: string;
  readonly prices: readonly CompiledPrice[];
}

/** One release of the catalogue, searchable as its own rules say. */
export interface CatalogueIndex {
  /** When this release became known here, Unix milliseconds. */
  readonly knownFrom: number;
  /** The catalogue's id of a provider, or null. */
  provider(name: string): string | null;
  model(provider: string, name: string): CatalogueModel | null;
}

interface ModelEntry extends CatalogueModel {
  readonly place: number;
  readonly matches: (name: string) => boolean;
}

interface ProviderEntry {
  readonly id: string;
  readonly place: number;
  readonly matches: ((name: string) => boolean) | null;
  readonly fallbacks: readonly string[];
  readonly models: readonly ModelEntry[];
}

// "gpt-4o-20240806" is listed as "gpt-4o-2024-08-06".
const compactDate = /-(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=-|:|$)/g;

// Amazon's models go by name or by ARN; the ARN of a customer's own profile names no model.
const arnOfModel = /^arn:aws[\w-]*:bedrock:[^/]*:(?:foundation-model|inference-profile)\/(.+)$/;

function providersOf(prices: readonly CompiledPrice[]): Map<string, ProviderEntry> {
  const entries = new Map<string, Omit<ProviderEntry, 'models'> & { models: Map<string, CompiledPrice[]> }>();
  for (const price of prices) {
    if (price.rule === null) continue;
    const { provider, model } = price.row;
    let entry = entries.get(provider);
    if (entry === undefined) {
      const { match, fallbacks = [] } = price.rule.provider;
      entry = {
        id: provider,
        place: price.rule.order[0],
        matches: match === undefined ? null : compileMatchRule(match),
        fallbacks,
        models: new Map(),
      };
      entries.set(provider, entry);
    }
    const rows = entry.models.get(model);
    if (rows) rows.push(price);
    else entry.models.set(model, [price]);
  }
  const sorted = [...entries.values()].sort((a, b) => a.place - b.place);
  return new Map(
    sorted.map((entry) => [entry.id, { ...entry, models: modelsOf(entry.id, entry.models) }] as const),
  );
}

function modelsOf(provider: string, models: ReadonlyMap<string, CompiledPrice[]>): ModelEntry[] {
  const entries: ModelEntry[] = [];
  for (const [id, prices] of models) {
    const rule = prices[0]?.rule;
    if (!rule) continue;
    entries.push({ id, provider, prices, place: rule.order[1], matches: compileMatchRule(rule.match) });
  }
  return entries.sort((a, b) => a.place - b.place);
}

/**
 * Indexes the rows of one release. Providers are found by id, then by the first rule that matches; models by the first
 * rule that matches, then among the providers whose models this one resells, then with a date written out, then without the
 * ARN in front.
 *
 * @example
 * const index = indexCatalogue(prices);
 * const provider = index.provider('gcp.vertex_ai');
 */
export function indexCatalogue(prices: readonly CompiledPrice[]): CatalogueIndex {
  const providers = providersOf(prices);

  function find(provider: string, name: string, seen: ReadonlySet<string>): CatalogueModel | null {
    const entry = providers.get(provider);
    if (entry === undefined || seen.has(provider)) return null;
    const own = entry.models.find((model) => model.matches(name));
    if (own !== undefined) return own;
    const visited = new Set([...seen, provider]);
    for (const fallback of entry.fallbacks) {
      const found = find(fallback, name, visited);
      if (found !== null) return found;
    }
    return null;
  }

  return {
    knownFrom: prices.reduce((least, price) => Math.min(least, price.knownFrom), Number.POSITIVE_INFINITY),
    provider(name) {
      if (providers.has(name)) return name;
      for (const entry of providers.values()) if (entry.matches?.(name) === true) return entry.id;
      return null;
    },
    model(provider, name) {
      const lower = name.trim().toLowerCase();
      const none = new Set<string>();
      const written = [lower, lower.replace(compactDate, '-$1-$2-$3'), arnOfModel.exec(lower)?.[1] ?? lower];
      for (const text of new Set(written)) {
        const found = find(provider, text, none);
        if (found !== null) return found;
      }
      return null;
    },
  };
}
