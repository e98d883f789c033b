import type { PricesAnswer, PricesPutAnswer, SettleAnswer } from '@tallykit/protocol';
import { listPrices } from '../pricing/list-prices.ts';
import type { PricingContext } from '../pricing/pricing-context.ts';
import { putPrices } from '../pricing/put-prices.ts';
import { settlePrices } from '../pricing/settle-prices.ts';
import type { EndpointCall } from './route.ts';

function contextOf({ store, parts }: EndpointCall): PricingContext {
  const { books, clock, chargeRule } = parts;
  return { store, books, clock, chargeRule };
}

/** The price rows of the organization. */
export function readPrices(call: EndpointCall): Promise<PricesAnswer> {
  return listPrices(contextOf(call), call.query);
}

/** Stores override rows and settles what waited for them. */
export async function storePrices(call: EndpointCall): Promise<PricesPutAnswer> {
  const answer = await putPrices(contextOf(call), call.body);
  call.parts.grown(call.store.organizationId);
  return answer;
}

/** Settles pending calls, or prices a range again. */
export async function settle(call: EndpointCall): Promise<SettleAnswer> {
  const answer = await settlePrices(contextOf(call), call.body);
  call.parts.grown(call.store.organizationId);
  return answer;
}
