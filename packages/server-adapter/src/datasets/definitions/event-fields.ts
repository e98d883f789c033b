import type { FieldLabel } from '../../access/policy.ts';

/** Who may see the fields of a recorded event; a field that is not named here is for everyone in scope. */
export const eventFieldLabels = {
  provider: 'provider_name',
  requestModel: 'provider_name',
  responseModel: 'provider_name',
  // Class names of errors, tiers and regions are the provider's own words.
  errorClass: 'provider_name',
  serviceTier: 'provider_name',
  region: 'provider_name',
  rawUsage: 'operator',
  responseId: 'operator',
  statedCost: 'operator',
  providerIds: 'operator',
} as const satisfies Readonly<Record<string, FieldLabel>>;

/** Who may see the fields of a cost entry, and of the cost that stands. */
export const costFieldLabels = {
  list: 'operator',
  effective: 'operator',
  listPriceId: 'operator',
  effectivePriceId: 'operator',
  lines: 'operator',
} as const satisfies Readonly<Record<string, FieldLabel>>;

/** Who may see the price rows that cost entries name. */
export const pricesLabel: FieldLabel = 'operator';
