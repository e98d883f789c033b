import {
  inputBuckets,
  outputBuckets,
  usageBuckets,
  type PriceInput,
  type PriceRate,
  type UsageBucket,
} from '@tallykit/protocol';
import { normalizeDecimal } from '../primitives/money.ts';
import type { PriceContent } from './price-id.ts';

/** Something wrong with one of the prices of a body. */
export interface PriceFault {
  readonly pointer: string;
  readonly detail: string;
}

type InputRate = PriceInput['rates'][number];

const tokens: ReadonlySet<string> = new Set([...inputBuckets, ...outputBuckets]);
const places = new Map<string, number>([...usageBuckets, 'requests'].map((bucket, place) => [bucket, place]));

function unitsOf(bucket: UsageBucket | 'requests'): number {
  if (bucket === 'requests') return 1000;
  return tokens.has(bucket) ? 1_000_000 : 1;
}

function readRates(rates: readonly InputRate[]): PriceRate[] {
  return rates
    .map(({ bucket, amount, per }) => ({
      bucket,
      amount: normalizeDecimal(amount),
      per: per ?? unitsOf(bucket),
    }))
    .sort((a, b) => (places.get(a.bucket) ?? 0) - (places.get(b.bucket) ?? 0));
}

const instant = (text: string | null | undefined): string | null =>
  text == null ? null : new Date(Date.parse(text)).toISOString();

/**
 * An override row from what was sent, with its defaults: US dollars, a million tokens, a thousand requests or one of
 * anything else, cliff tiers, for both amounts.
 *
 * @example
 * const content = readPriceInput({ provider: 'openai', model: 'gpt-4o', rates: [{ bucket: 'input', amount: '2.5' }] });
 */
export function readPriceInput(input: PriceInput): PriceContent {
  return {
    source: 'override',
    provider: input.provider,
    model: input.model,
    match: `equals "${input.model}"`,
    currency: input.currency ?? 'USD',
    validFrom: instant(input.validFrom),
    validTo: instant(input.validTo),
    serviceTier: input.serviceTier ?? null,
    batch: input.batch ?? null,
    region: input.region ?? null,
    windowOfDay: input.windowOfDay ?? null,
    rates: readRates(input.rates),
    tierMode: input.tierMode ?? 'cliff',
    tiers: [...(input.tiers ?? [])]
      .sort((a, b) => a.above - b.above)
      .map(({ above, rates }) => ({ above, rates: readRates(rates) })),
    appliesTo: input.appliesTo ?? 'both',
    rule: null,
    empty: false,
  };
}

function repeated(values: readonly (string | number)[]): number {
  return values.findIndex((value, index) => values.indexOf(value) !== index);
}

function ratesTwice(rates: readonly InputRate[], pointer: string): PriceFault[] {
  const index = repeated(rates.map(({ bucket }) => bucket));
  return index === -1
    ? []
    : [{ pointer: `${pointer}/rates/${index}/bucket`, detail: 'The bucket has a rate already.' }];
}

/**
 * What is wrong with a price that its shape alone does not show.
 *
 * @example
 * const faults = faultsOfPrice(input, '/prices/0');
 */
export function faultsOfPrice(input: PriceInput, pointer: string): PriceFault[] {
  const faults = ratesTwice(input.rates, pointer);
  const tiers = input.tiers ?? [];
  tiers.forEach((tier, index) => faults.push(...ratesTwice(tier.rates, `${pointer}/tiers/${index}`)));
  const tierTwice = repeated(tiers.map(({ above }) => above));
  if (tierTwice !== -1) {
    faults.push({ pointer: `${pointer}/tiers/${tierTwice}/above`, detail: 'Another tier begins there.' });
  }
  const { validFrom, validTo, windowOfDay } = input;
  if (validTo != null && validFrom != null && Date.parse(validTo) < Date.parse(validFrom)) {
    faults.push({ pointer: `${pointer}/validTo`, detail: 'Must not be before validFrom.' });
  }
  if (windowOfDay != null && windowOfDay.from === windowOfDay.to) {
    faults.push({
      pointer: `${pointer}/windowOfDay/to`,
      detail: 'Must differ from the start of the window.',
    });
  }
  return faults;
}
