import * as z from 'zod/mini';
import {
  currencySchema,
  decimalStringSchema,
  moneySchema,
  nonNegativeDecimalStringSchema,
  type DecimalString,
} from './money.ts';
import { countSchema, identifierSchema, instantSchema } from './text.ts';
import { usageBuckets, type UsageBucket } from './token-usage.ts';

/** Cost of `per` units of one bucket, in major units of the price's currency. */
export interface PriceRate {
  readonly bucket: UsageBucket | 'requests';
  readonly amount: DecimalString;
  /** Units that `amount` pays for: 1,000,000 for tokens, 1,000 for requests, 1 otherwise, unless told. */
  readonly per: number;
}

/** Rates that hold when a call's prompt tokens exceed `above`. */
export interface PriceTier {
  readonly above: number;
  readonly rates: readonly PriceRate[];
}

/** One dated price row. Its id is the hash of its content, so the same row always has the same id. */
export interface PriceRow {
  readonly id: string;
  /** `override` rows belong to the organization and win over the shared `catalogue`. */
  readonly source: 'catalogue' | 'override';
  readonly provider: string;
  /** How the row finds its calls: the model's exact name, or a catalogue rule. */
  readonly model: string;
  readonly match: string;
  readonly currency: string;
  /** Calls that started at or after this instant; null for since ever. */
  readonly validFrom: string | null;
  /** Calls that started before this instant; null for still. */
  readonly validTo: string | null;
  /** When this row became known here. */
  readonly knownFrom: string;
  readonly serviceTier: string | null;
  readonly batch: boolean | null;
  readonly region: string | null;
  readonly windowOfDay: { readonly from: string; readonly to: string } | null;
  readonly rates: readonly PriceRate[];
  /** `cliff`: the tier's rates pay for the whole prompt; `graduated`: only for what is above. */
  readonly tierMode: 'cliff' | 'graduated';
  readonly tiers: readonly PriceTier[];
  /** What the amount is for: `list` by catalogue, `effective` by the vendor's own contract, or both. */
  readonly appliesTo: 'list' | 'effective' | 'both';
}

const answeredRates = z.array(
  z.object({ bucket: z.enum([...usageBuckets, 'requests']), amount: decimalStringSchema, per: z.number() }),
);

/** Checks a {@link PriceRow} in an answer; open. */
export const priceRowSchema = z.object({
  id: z.string(),
  source: z.enum(['catalogue', 'override']),
  provider: z.string(),
  model: z.string(),
  match: z.string(),
  currency: currencySchema,
  validFrom: z.nullable(instantSchema),
  validTo: z.nullable(instantSchema),
  knownFrom: instantSchema,
  serviceTier: z.nullable(z.string()),
  batch: z.nullable(z.boolean()),
  region: z.nullable(z.string()),
  windowOfDay: z.nullable(z.object({ from: z.string(), to: z.string() })),
  rates: answeredRates,
  tierMode: z.enum(['cliff', 'graduated']),
  tiers: z.array(z.object({ above: z.number(), rates: answeredRates })),
  appliesTo: z.enum(['list', 'effective', 'both']),
});

/** One override row to store with `PUT /v1/prices`. */
export interface PriceInput {
  readonly provider: string;
  readonly model: string;
  readonly currency?: string | undefined;
  readonly validFrom?: string | null | undefined;
  readonly validTo?: string | null | undefined;
  readonly serviceTier?: string | null | undefined;
  readonly batch?: boolean | null | undefined;
  readonly region?: string | null | undefined;
  readonly windowOfDay?: { readonly from: string; readonly to: string } | null | undefined;
  readonly rates: readonly {
    readonly bucket: UsageBucket | 'requests';
    readonly amount: DecimalString;
    readonly per?: number | undefined;
  }[];
  readonly tierMode?: 'cliff' | 'graduated' | undefined;
  readonly tiers?:
    | readonly {
        readonly above: number;
        readonly rates: readonly {
          readonly bucket: UsageBucket | 'requests';
          readonly amount: DecimalString;
          readonly per?: number | undefined;
        }[];
      }[]
    | undefined;
  readonly appliesTo?: 'list' | 'effective' | 'both' | undefined;
}

const rate = z.strictObject({
  bucket: z.enum([...usageBuckets, 'requests']),
  amount: nonNegativeDecimalStringSchema,
  per: z.optional(z.int().check(z.gte(1), z.lte(1_000_000_000))),
});
const clock = z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/));

/** Checks a {@link PriceInput}; closed. */
export const priceInputSchema = z.strictObject({
  provider: identifierSchema,
  model: identifierSchema,
  currency: z.optional(currencySchema),
  validFrom: z.optional(z.nullable(instantSchema)),
  validTo: z.optional(z.nullable(instantSchema)),
  serviceTier: z.optional(z.nullable(identifierSchema)),
  batch: z.optional(z.nullable(z.boolean())),
  region: z.optional(z.nullable(identifierSchema)),
  windowOfDay: z.optional(z.nullable(z.strictObject({ from: clock, to: clock }))),
  rates: z.array(rate).check(z.minLength(1), z.maxLength(32)),
  tierMode: z.optional(z.enum(['cliff', 'graduated'])),
  tiers: z.optional(
    z
      .array(
        z.strictObject({
          above: z.int().check(z.gte(1)),
          rates: z.array(rate).check(z.minLength(1), z.maxLength(32)),
        }),
      )
      .check(z.maxLength(8)),
  ),
  appliesTo: z.optional(z.enum(['list', 'effective', 'both'])),
});

/** Body of `PUT /v1/prices`. */
export const pricesPutSchema = z.strictObject({
  prices: z.array(priceInputSchema).check(z.minLength(1), z.maxLength(500)),
});

/** Body of `PUT /v1/prices`. Storing the same row twice changes nothing. */
export interface PricesPut {
  readonly prices: readonly PriceInput[];
}

/** Answer to `PUT /v1/prices`. What waited for one of the rows is settled at once. */
export interface PricesPutAnswer {
  readonly stored: number;
  readonly unchanged: number;
  readonly ids: readonly string[];
  /** Calls that were pending and have a cost now. */
  readonly settled: number;
}

/** Checks a {@link PricesPutAnswer}; open. */
export const pricesPutAnswerSchema = z.object({
  stored: countSchema,
  unchanged: countSchema,
  ids: z.array(z.string()),
  settled: countSchema,
});

/** Answer to `GET /v1/prices?provider=&model=&source=&cursor=`. */
export interface PricesAnswer {
  readonly prices: readonly PriceRow[];
  readonly nextCursor: string | null;
}

/** Checks a {@link PricesAnswer}; open. */
export const pricesAnswerSchema = z.object({
  prices: z.array(priceRowSchema),
  nextCursor: z.nullable(z.string()),
});

/** Body of `POST /v1/prices/settle`: give pending calls a cost, and re-price a range. `dryRun` unless `false` is said. */
export interface SettleRequest {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  /** `pending`: only calls without a cost; `all`: re-price every call of the range. */
  readonly calls?: 'pending' | 'all' | undefined;
  /** True unless told: show the difference, change nothing. */
  readonly dryRun?: boolean | undefined;
}

/** Checks a {@link SettleRequest}; closed. */
export const settleRequestSchema = z.strictObject({
  from: z.optional(instantSchema),
  to: z.optional(instantSchema),
  provider: z.optional(identifierSchema),
  model: z.optional(identifierSchema),
  calls: z.optional(z.enum(['pending', 'all'])),
  dryRun: z.optional(z.boolean()),
});

/** Answer to `POST /v1/prices/settle`. */
export interface SettleAnswer {
  readonly dryRun: boolean;
  readonly examined: number;
  readonly settled: number;
  readonly repriced: number;
  readonly unchanged: number;
  readonly stillPending: readonly { readonly reason: string; readonly calls: number }[];
  /** New minus old effective amount, by currency. */
  readonly difference: readonly { readonly amount: DecimalString; readonly currency: string }[];
}

/** Checks a {@link SettleAnswer}; open. */
export const settleAnswerSchema = z.object({
  dryRun: z.boolean(),
  examined: countSchema,
  settled: countSchema,
  repriced: countSchema,
  unchanged: countSchema,
  stillPending: z.array(z.object({ reason: z.string(), calls: countSchema })),
  difference: z.array(moneySchema),
});
