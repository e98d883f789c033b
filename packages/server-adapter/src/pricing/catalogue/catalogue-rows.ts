import type { PriceRate, PriceTier } from '@tallykit/protocol';
import { waitForUpdate, type ConditionalPrice, type ModelInfo, type Provider } from '@pydantic/genai-prices';
import { decimalOfNumber } from '../../primitives/money.ts';
import type { PriceDraft } from '../../storage/contract/price-store.ts';
import { priceId } from '../price-id.ts';
import type { CatalogueRule } from './catalogue-rule.ts';
import { describeMatchRule, matchRuleSchema, type MatchRule } from './match-rule.ts';
import { cachedImageKey, priceKeys, silentKeys, uncountedKeys } from './price-keys.ts';

/** Name and version of the catalogue whose data this package brings. A newer one is a reviewed change of this line. */
export const catalogueRelease = 'genai-prices@0.1.8';

// Groq bills at least ten seconds of audio a request; the data has no field for it.
const minimumSecondsByModel: Readonly<Record<string, number>> = {
  'groq/whisper-large-v3': 10,
  'groq/whisper-large-v3-turbo': 10,
};

// These write pictures alone, and the catalogue has the rate of their pictures as that of all output.
const pictureWriters: ReadonlySet<string> = new Set([
  'openai/gpt-image-1',
  'openai/gpt-image-1-mini',
  'openai/gpt-image-2',
]);

type CatalogueValue = ConditionalPrice['prices'][string];
type Tiered = Exclude<CatalogueValue, number | undefined>;

interface Span {
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly windowOfDay: PriceDraft['windowOfDay'];
  readonly prices: ConditionalPrice['prices'];
}

function isTiered(value: CatalogueValue): value is Tiered {
  return typeof value === 'object';
}

function ratesAt(prices: ConditionalPrice['prices'], start: number | null): PriceRate[] {
  const rates: PriceRate[] = [];
  for (const [key, priceKey] of Object.entries(priceKeys)) {
    const value = prices[key];
    if (value === undefined || (key === 'cache_read_mtok' && prices[cachedImageKey] !== undefined)) continue;
    let price: number | undefined;
    if (start === null) price = isTiered(value) ? value.base : value;
    else if (isTiered(value)) {
      for (const tier of [...value.tiers].sort((a, b) => a.start - b.start)) {
        if (tier.start <= start) price = tier.price;
      }
    }
    if (price === undefined) continue;
    const amount = decimalOfNumber(price);
    for (const bucket of priceKey.buckets) rates.push({ bucket, amount, per: priceKey.per });
  }
  return rates;
}

function tiersOf(prices: ConditionalPrice['prices']): PriceTier[] {
  const starts = new Set<number>();
  for (const value of Object.values(prices)) {
    if (isTiered(value)) for (const tier of value.tiers) starts.add(tier.start);
  }
  return [...starts].sort((a, b) => a - b).map((above) => ({ above, rates: ratesAt(prices, above) }));
}

function minuteOfDay(time: string): string {
  const [, minute] = /^(\d{2}:\d{2}):00Z$/.exec(time) ?? [];
  if (minute === undefined) {
    throw new Error(
      `The catalogue names the time of day "${time}", which price rows cannot hold. Extend windowOfDay first.`,
    );
  }
  return minute;
}

// The catalogue lists the prices of a model in order of time: an entry with a date ends those before it, and an entry with
// hours belongs to the last date before it.
function spansOf(model: ModelInfo): Span[] {
  const entries: readonly ConditionalPrice[] = Array.isArray(model.prices)
    ? model.prices
    : [{ prices: model.prices }];
  const startOf = (entry: ConditionalPrice): string | null =>
    entry.constraint?.type === 'start_date' ? `${entry.constraint.start_date}T00:00:00.000Z` : null;
  let validFrom: string | null = null;
  return entries.map((entry, index) => {
    validFrom = startOf(entry) ?? validFrom;
    const validTo =
      entries
        .slice(index + 1)
        .map(startOf)
        .find((start) => start !== null) ?? null;
    const windowOfDay =
      entry.constraint?.type === 'time_of_date'
        ? { from: minuteOfDay(entry.constraint.start_time), to: minuteOfDay(entry.constraint.end_time) }
        : null;
    return { validFrom, validTo, windowOfDay, prices: entry.prices };
  });
}

/** The prices of a model as they are billed, where the catalogue says less. */
function billedPrices(name: string, prices: ConditionalPrice['prices']): ConditionalPrice['prices'] {
  const { output_mtok: written, output_image_mtok: pictures } = prices;
  if (!pictureWriters.has(name) || written === undefined || pictures !== undefined) return prices;
  return { ...prices, output_image_mtok: written };
}

function checkKeys(model: string, prices: ConditionalPrice['prices']): void {
  for (const key of Object.keys(prices)) {
    if (Object.hasOwn(priceKeys, key) || silentKeys.has(key) || uncountedKeys.has(key)) continue;
    if (key === cachedImageKey) continue;
    throw new Error(
      `The catalogue prices ${model} by "${key}", which is not known here, so its cost would be wrong. Add it to price-keys.ts.`,
    );
  }
}

function rowsOfModel(provider: Provider, model: ModelInfo, order: readonly [number, number]): PriceDraft[] {
  const match: MatchRule = matchRuleSchema.parse(model.match);
  const name = `${provider.id}/${model.id}`;
  return spansOf(model).map(({ prices, ...span }) => {
    checkKeys(name, prices);
    const billed = billedPrices(name, prices);
    const uncounted = Object.keys(prices).filter((key) => uncountedKeys.has(key));
    const minimumSeconds = minimumSecondsByModel[name];
    const rule: CatalogueRule = {
      release: catalogueRelease,
      order,
      match,
      provider: {
        ...(provider.provider_match ? { match: matchRuleSchema.parse(provider.provider_match) } : {}),
        ...(provider.fallback_model_providers ? { fallbacks: provider.fallback_model_providers } : {}),
      },
      ...(uncounted.length > 0 ? { uncounted } : {}),
      ...(minimumSeconds === undefined ? {} : { minimumSeconds }),
    };
    const content = {
      source: 'catalogue',
      provider: provider.id,
      model: model.id,
      match: describeMatchRule(match),
      currency: 'USD',
      validFrom: span.validFrom,
      validTo: span.validTo,
      serviceTier: null,
      batch: null,
      region: null,
      windowOfDay: span.windowOfDay,
      rates: ratesAt(billed, null),
      tierMode: 'cliff',
      tiers: tiersOf(billed),
      appliesTo: 'both',
      rule,
      empty: Object.keys(prices).length === 0,
    } as const;
    return { id: priceId(content), ...content };
  });
}

/**
 * The catalogue's data as dated price rows. Only its data is used: its calculator works with floats, gives 0 for an empty
 * price map and prices audio without a rate as text.
 *
 * A price that depends on the context size is a cliff there: above the threshold, its rates pay for the whole call.
 *
 * @example
 * const rows = await catalogueRows();
 */
export async function catalogueRows(): Promise<PriceDraft[]> {
  // Resolves with the data that comes with the package; nothing is fetched.
  const providers = (await waitForUpdate()) ?? [];
  return providers.flatMap((provider, providerPlace) =>
    provider.models.flatMap((model, modelPlace) => rowsOfModel(provider, model, [providerPlace, modelPlace])),
  );
}
