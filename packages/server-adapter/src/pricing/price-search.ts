import type { CatalogueIndex, CatalogueModel } from './catalogue-index.ts';
import type { CompiledPrice } from './compiled-price.ts';
import type { OverrideIndex } from './override-index.ts';
import type { PendingReason } from './pending.ts';
import { providerName } from './provider-names.ts';
import { pricesAnyRegion, regionOf } from './region.ts';
import { serviceKind } from './service-tier.ts';

/** How a price was joined to a call, where it is not simply the model that answered. */
export type JoinNote =
  'joined_by_request_model' | 'joined_by_canonical_model' | 'joined_by_fallback_provider';

/** What of a call its price depends on, apart from time and usage. */
export interface PriceQuestion {
  readonly provider: string;
  readonly requestModel: string;
  readonly responseModel?: string | undefined;
  readonly serviceTier?: string | undefined;
  readonly batch?: boolean | undefined;
  readonly region?: string | undefined;
}

/** Prices of one model that may pay for the call, by release of the catalogue, oldest first. */
export interface PriceGroup {
  readonly join: JoinNote | null;
  readonly releases: readonly (readonly CompiledPrice[])[];
}

/** What may pay for a call: the first group that has a price at its time wins. */
export interface PriceCandidates {
  readonly groups: readonly PriceGroup[];
  /** Why there is no price when no group has one. */
  readonly missing: PendingReason;
}

/** Where prices are looked for. */
export interface PriceShelves {
  readonly overrides: { readonly list: OverrideIndex; readonly effective: OverrideIndex };
  /** Oldest release first. */
  readonly releases: readonly CatalogueIndex[];
}

interface Names {
  readonly provider: string;
  /** Every name under which the organization may have stored a price for this provider. */
  readonly providers: readonly string[];
  readonly response: string | null;
  readonly request: string;
}

function namesOf(question: PriceQuestion, releases: readonly CatalogueIndex[]): Names {
  const raw = question.provider.trim().toLowerCase();
  let provider = providerName(question.provider);
  let response = question.responseModel ?? null;
  let request = question.requestModel;
  // LiteLLM is a gateway: it says the provider in front of the model.
  const gateway = provider === 'litellm' ? /^([^/]+)\/(.+)$/.exec(response ?? request) : null;
  if (gateway?.[1] !== undefined && gateway[2] !== undefined) {
    provider = providerName(gateway[1]);
    response = response === null ? null : gateway[2];
    request = request.startsWith(`${gateway[1]}/`) ? request.slice(gateway[1].length + 1) : request;
  }
  const canonical = releases.map((release) => release.provider(provider)).filter((id) => id !== null);
  return { provider, providers: [...new Set([raw, provider, ...canonical])], response, request };
}

interface Joined {
  readonly models: readonly (CatalogueModel | null)[];
  readonly join: JoinNote | null;
}

function catalogueJoin(names: Names, releases: readonly CatalogueIndex[]): Joined | null {
  for (const name of names.response === null ? [names.request] : [names.response, names.request]) {
    const found = releases.map((release) => {
      const provider = release.provider(names.provider);
      return provider === null ? null : { provider, model: release.model(provider, name) };
    });
    const models = found.map((entry) => entry?.model ?? null);
    if (models.every((model) => model === null)) continue;
    if (name !== (names.response ?? names.request)) return { models, join: 'joined_by_request_model' };
    const resold = found.some((entry) => entry?.model && entry.model.provider !== entry.provider);
    return { models, join: resold ? 'joined_by_fallback_provider' : null };
  }
  return null;
}

function overrideGroups(names: Names, index: OverrideIndex, joined: Joined | null): PriceGroup[] {
  const groups: PriceGroup[] = [];
  const add = (model: string, join: JoinNote | null): void => {
    const found = index.find(names.providers, model);
    if (found.length > 0) groups.push({ join, releases: [found] });
  };
  if (names.response !== null) add(names.response, null);
  const sameName = names.response === null || names.response === names.request;
  if (names.request !== names.response) add(names.request, sameName ? null : 'joined_by_request_model');
  for (const id of new Set(joined?.models.flatMap((model) => (model === null ? [] : [model.id])))) {
    if (id !== names.response && id !== names.request) add(id, 'joined_by_canonical_model');
  }
  return groups;
}

function narrow(groups: readonly PriceGroup[], keep: (price: CompiledPrice) => boolean): PriceGroup[] {
  return groups
    .map((group) => ({ ...group, releases: group.releases.map((prices) => prices.filter(keep)) }))
    .filter((group) => group.releases.some((prices) => prices.length > 0));
}

/**
 * All prices that may pay for a call, the organization's own first: by the model that answered, then by the model that was
 * asked for, then by the catalogue's own name of it; then the catalogue's. A price for another tier, batch mode or region
 * is none.
 *
 * @example
 * const { list, effective } = searchPrices(question, shelves);
 */
export function searchPrices(
  question: PriceQuestion,
  shelves: PriceShelves,
): { readonly list: PriceCandidates; readonly effective: PriceCandidates } {
  const names = namesOf(question, shelves.releases);
  const joined = catalogueJoin(names, shelves.releases);
  const catalogue: PriceGroup[] = joined
    ? [{ join: joined.join, releases: joined.models.map((model) => model?.prices ?? []) }]
    : [];
  const list = overrideGroups(names, shelves.overrides.list, joined);
  const effective = overrideGroups(names, shelves.overrides.effective, joined);
  const providerKnown =
    shelves.releases.some((release) => release.provider(names.provider) !== null) ||
    shelves.overrides.list.knowsProvider(names.providers) ||
    shelves.overrides.effective.knowsProvider(names.providers);

  const service = serviceKind(question.serviceTier, question.batch);
  const region = regionOf(question.region);
  const anyRegion = names.providers.every((provider) => pricesAnyRegion(provider, region));

  function candidates(all: readonly PriceGroup[]): PriceCandidates {
    if (all.length === 0) {
      return { groups: [], missing: providerKnown ? 'unknown_model' : 'unknown_provider' };
    }
    const priced = narrow(all, (price) => !price.row.empty);
    if (priced.length === 0) return { groups: [], missing: 'no_price' };
    const served = narrow(
      priced,
      (price) => price.service.tier === service.tier && price.service.batch === service.batch,
    );
    if (served.length === 0) return { groups: [], missing: 'no_price_for_tier' };
    const groups = narrow(served, (price) => (price.region === null ? anyRegion : price.region === region));
    return { groups, missing: groups.length === 0 ? 'no_price_for_region' : 'no_price_at_time' };
  }

  return {
    list: candidates([...list, ...catalogue]),
    effective: candidates([...effective, ...list, ...catalogue]),
  };
}
