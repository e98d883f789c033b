import type { StoredPrice } from '../storage/contract/price-store.ts';
import { indexCatalogue } from './catalogue-index.ts';
import { compilePrice, type CompiledPrice } from './compiled-price.ts';
import { indexOverrides, type OverrideIndex } from './override-index.ts';
import type { PendingReason } from './pending.ts';
import { priceAtTime } from './price-at-time.ts';
import { searchPrices, type JoinNote, type PriceCandidates, type PriceQuestion } from './price-search.ts';
import { standingRows } from './standing-rows.ts';

/** A price that pays for a call, or why there is none. */
export type PriceFinding =
  | { readonly price: CompiledPrice; readonly join: JoinNote | null; readonly missing: null }
  | { readonly price: null; readonly join: null; readonly missing: PendingReason };

/** All prices of one organization at one version. Immutable: a change makes another book. */
export interface PriceBook {
  readonly version: number;
  readonly rows: readonly StoredPrice[];
  /** The price of a call's list amount and of its effective amount, at the call's own time (Unix milliseconds). */
  find(
    question: PriceQuestion,
    at: number,
  ): { readonly list: PriceFinding; readonly effective: PriceFinding };
}

// Names come from outside, so what is remembered about them has a limit.
const rememberedQuestions = 5000;

function keyOf(question: PriceQuestion): string {
  const { provider, requestModel, responseModel, serviceTier, batch, region } = question;
  return `${provider}\n${requestModel}\n${responseModel ?? ''}\n${serviceTier ?? ''}\n${String(batch ?? false)}\n${region ?? ''}`;
}

function findingAt({ groups, missing }: PriceCandidates, at: number): PriceFinding {
  for (const group of groups) {
    const price = priceAtTime(group, at);
    if (price !== null) return { price, join: group.join, missing: null };
  }
  return { price: null, join: null, missing };
}

function overridesFor(prices: readonly CompiledPrice[], side: 'list' | 'effective'): OverrideIndex {
  const own = prices.filter(
    ({ row }) => row.source === 'override' && (row.appliesTo === 'both' || row.appliesTo === side),
  );
  return indexOverrides(standingRows(own));
}

/**
 * Makes a price book of an organization's rows. The organization's own rows win over the catalogue. The effective amount
 * goes by its contract rows, and by the list price where there is none.
 *
 * @example
 * const book = createPriceBook({ version, rows });
 * const { list } = book.find({ provider: 'openai', requestModel: 'gpt-4o-mini' }, timeOfUuidV7(event.id));
 */
export function createPriceBook(stored: {
  readonly version: number;
  readonly rows: readonly StoredPrice[];
}): PriceBook {
  const prices = stored.rows.map(compilePrice);
  const byRelease = new Map<string, CompiledPrice[]>();
  for (const price of prices) {
    if (price.rule === null) continue;
    const rows = byRelease.get(price.rule.release);
    if (rows) rows.push(price);
    else byRelease.set(price.rule.release, [price]);
  }
  const shelves = {
    overrides: { list: overridesFor(prices, 'list'), effective: overridesFor(prices, 'effective') },
    releases: [...byRelease.values()].map(indexCatalogue).sort((a, b) => a.knownFrom - b.knownFrom),
  };
  const remembered = new Map<string, ReturnType<typeof searchPrices>>();

  return {
    version: stored.version,
    rows: stored.rows,
    find(question, at) {
      const key = keyOf(question);
      let candidates = remembered.get(key);
      if (candidates === undefined) {
        if (remembered.size >= rememberedQuestions) remembered.clear();
        candidates = searchPrices(question, shelves);
        remembered.set(key, candidates);
      }
      return { list: findingAt(candidates.list, at), effective: findingAt(candidates.effective, at) };
    },
  };
}
