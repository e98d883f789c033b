import { usageBuckets, type PriceRate, type UsageBucket } from '@tallykit/protocol';
import { exactRate, type ExactRate } from '../primitives/money.ts';

/** What is priced: a usage bucket, or the call itself. */
export type PricedBucket = UsageBucket | 'requests';

/** Everything that is priced, in the order of a cost's lines. */
export const pricedBuckets: readonly PricedBucket[] = [...usageBuckets, 'requests'];

/** One rate, ready for arithmetic. */
export interface TableRate {
  readonly exact: ExactRate;
  /** The tier that brought it; null for a base rate. */
  readonly tierAbove: number | null;
}

/** Rates by bucket. */
export type RateTable = ReadonlyMap<PricedBucket, TableRate>;

/**
 * Buckets that are priced as another one where a price says nothing of their own. Providers bill reasoning as output, and
 * images that a model reads as the input tokens they are turned into; they state a rate only where it differs. No other
 * bucket has such a rule: a cached, written, heard or drawn token without a rate has no price.
 */
export const pricedAs: Readonly<Partial<Record<UsageBucket, UsageBucket>>> = {
  reasoning: 'output',
  inputImage: 'input',
};

function withStandIns(table: Map<PricedBucket, TableRate>): RateTable {
  for (const [bucket, standIn] of Object.entries(pricedAs) as [UsageBucket, UsageBucket][]) {
    const rate = table.get(standIn);
    if (!table.has(bucket) && rate !== undefined) table.set(bucket, rate);
  }
  return table;
}

function put(table: Map<PricedBucket, TableRate>, rates: readonly PriceRate[], above: number | null): void {
  for (const rate of rates) {
    table.set(rate.bucket, { exact: exactRate(rate.amount, rate.per), tierAbove: above });
  }
}

/**
 * The rates of a price and of each of its tiers, lowest first. What a tier does not name costs as below it.
 *
 * @example
 * const [base, above200k] = rateTables(row.rates, row.tiers);
 */
export function rateTables(
  rates: readonly PriceRate[],
  tiers: readonly { readonly above: number; readonly rates: readonly PriceRate[] }[],
): readonly { readonly above: number; readonly table: RateTable }[] {
  const own = new Map<PricedBucket, TableRate>();
  put(own, rates, null);
  const tables = [{ above: 0, table: withStandIns(new Map(own)) }];
  for (const tier of [...tiers].sort((a, b) => a.above - b.above)) {
    put(own, tier.rates, tier.above);
    tables.push({ above: tier.above, table: withStandIns(new Map(own)) });
  }
  return tables;
}
