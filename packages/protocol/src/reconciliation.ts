import * as z from 'zod/mini';
import { currencySchema, decimalStringSchema, type DecimalString } from './money.ts';
import { identifierSchema, instantSchema } from './text.ts';
import { tokenUsageSchema, type TokenUsage } from './token-usage.ts';

/** State of one provider on one day. */
export const reconciliationStates = [
  'not_configured',
  'waiting',
  'provisional',
  'matched',
  'matched_with_adjustment',
  'variance',
  'unallocated',
  'error',
] as const;

/** One of {@link reconciliationStates}. */
export type ReconciliationState = (typeof reconciliationStates)[number];

/** One row of a provider's own usage or cost report: parsed fields only, the report itself is never stored. */
export interface ProviderLine {
  /** The row's own id at the source; a later row with the same id restates it. */
  readonly sourceId: string;
  readonly provider: string;
  /** Start of the interval, inclusive, in UTC. */
  readonly from: string;
  /** End of the interval, exclusive. */
  readonly to: string;
  readonly model?: string | undefined;
  readonly customerId?: string | undefined;
  readonly projectId?: string | undefined;
  readonly keyId?: string | undefined;
  readonly serviceTier?: string | undefined;
  readonly batch?: boolean | undefined;
  readonly lineItem?: string | undefined;
  readonly requests?: number | undefined;
  readonly usage?: TokenUsage | undefined;
  readonly cost?: { readonly amount: DecimalString; readonly currency: string } | undefined;
  /** When the report was read. */
  readonly fetchedAt: string;
}

/** Checks a {@link ProviderLine}; closed. */
export const providerLineSchema = z.strictObject({
  sourceId: identifierSchema,
  provider: identifierSchema,
  from: instantSchema,
  to: instantSchema,
  model: z.optional(identifierSchema),
  customerId: z.optional(identifierSchema),
  projectId: z.optional(identifierSchema),
  keyId: z.optional(identifierSchema),
  serviceTier: z.optional(identifierSchema),
  batch: z.optional(z.boolean()),
  lineItem: z.optional(identifierSchema),
  requests: z.optional(z.int().check(z.gte(0))),
  usage: z.optional(tokenUsageSchema),
  cost: z.optional(z.strictObject({ amount: decimalStringSchema, currency: currencySchema })),
  fetchedAt: instantSchema,
});

/** Body of `PUT /v1/provider-lines`. */
export const providerLinesPutSchema = z.strictObject({
  lines: z.array(providerLineSchema).check(z.minLength(1), z.maxLength(5000)),
});

/** Body of `PUT /v1/provider-lines`. */
export interface ProviderLinesPut {
  readonly lines: readonly ProviderLine[];
}
