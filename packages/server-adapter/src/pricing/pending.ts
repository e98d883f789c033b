import type { Visibility } from '@tallykit/protocol';

/** Why a call has no cost yet. The list is closed; a call has exactly one of them. */
export const pendingReasons = [
  'usage_absent',
  'unknown_provider',
  'unknown_model',
  'no_price',
  'no_price_for_tier',
  'no_price_for_region',
  'no_price_at_time',
  'no_list_price',
  'no_rate_for_bucket',
  'unit_not_counted',
  'currency',
  'amount_out_of_range',
] as const;

/** One of {@link pendingReasons}. */
export type PendingReason = (typeof pendingReasons)[number];

interface ReasonText {
  readonly operator: string;
  readonly customer: string;
}

const priceMissing = 'The price of this call is not known yet. It is added to the total once it is.';

const texts: Readonly<Record<PendingReason, ReasonText>> = {
  usage_absent: {
    operator:
      'The call reported no usage, so there is nothing to price. Let the stream end, or have usage reported; a second sighting of the response settles it.',
    customer: 'The provider has not reported what this call used, so it has no cost yet.',
  },
  unknown_provider: {
    operator:
      'Neither the catalogue nor your own prices know the provider of this call. Add a price with exactly this provider and model.',
    customer: priceMissing,
  },
  unknown_model: {
    operator:
      'Neither the catalogue nor your own prices know this model of the provider. Add a price for it; what waited is settled at once.',
    customer: priceMissing,
  },
  no_price: {
    operator:
      'The catalogue knows the model but not what it costs. Add a price, with rates of 0 if it is free to you.',
    customer: priceMissing,
  },
  no_price_for_tier: {
    operator:
      'The model has a price, but none for the service tier or batch mode of this call, and the standard price would be wrong. Add a price with the same serviceTier or batch.',
    customer: priceMissing,
  },
  no_price_for_region: {
    operator:
      'This provider charges more for keeping a call in a region, and no price names that region. Add a price with the same region.',
    customer: priceMissing,
  },
  no_price_at_time: {
    operator:
      'The model has prices, but none that held when the call began. Add one whose validFrom and validTo hold that time.',
    customer: priceMissing,
  },
  no_list_price: {
    operator:
      'Only a contract price is known for this call. Add a price that applies to the list amount, or to both.',
    customer: priceMissing,
  },
  no_rate_for_bucket: {
    operator:
      'The price has no rate for something that the call used, such as cached or audio tokens. Add a price with a rate for every bucket of the call.',
    customer: priceMissing,
  },
  unit_not_counted: {
    operator:
      'The provider bills the model by a unit that calls do not report, such as pages. Add a price by tokens or by request if you know one.',
    customer: priceMissing,
  },
  currency: {
    operator:
      'The list price and the contract price of this call are in different currencies, so they cannot stand side by side. Give both in one currency.',
    customer: priceMissing,
  },
  amount_out_of_range: {
    operator:
      'The cost is larger than an amount can be. Check the rates of the price and the usage of the call.',
    customer: priceMissing,
  },
};

/** Whether a text is one of {@link pendingReasons}. */
export function isPendingReason(text: string): text is PendingReason {
  return Object.hasOwn(texts, text);
}

/**
 * Says a reason in words that the reader may see: a customer learns nothing of the vendor's prices, contracts or providers.
 *
 * @example
 * pendingText('no_rate_for_bucket', 'customer');
 */
export function pendingText(reason: PendingReason, visibility: Visibility): string {
  return texts[reason][visibility];
}
