import * as z from 'zod/mini';
import { matchRuleSchema, type MatchRule } from './match-rule.ts';

/** What a catalogue row carries beside its rates: how calls find it, and what its price leaves open. Plain JSON. */
export interface CatalogueRule {
  /** The catalogue and its version. */
  readonly release: string;
  /** Places of the provider and the model in the catalogue: the first rule that matches wins. */
  readonly order: readonly [provider: number, model: number];
  readonly match: MatchRule;
  readonly provider: {
    readonly match?: MatchRule | undefined;
    /** Providers whose models this one resells at the same prices. */
    readonly fallbacks?: readonly string[] | undefined;
  };
  /** Units that the catalogue prices and no usage bucket counts; a call at such a price is never complete. */
  readonly uncounted?: readonly string[] | undefined;
  /** The least number of seconds that the provider bills. */
  readonly minimumSeconds?: number | undefined;
}

const schema: z.ZodMiniType<CatalogueRule> = z.object({
  release: z.string(),
  order: z.tuple([z.int(), z.int()]),
  match: matchRuleSchema,
  provider: z.object({ match: z.optional(matchRuleSchema), fallbacks: z.optional(z.array(z.string())) }),
  uncounted: z.optional(z.array(z.string())),
  minimumSeconds: z.optional(z.number()),
});

/**
 * Reads the rule of a stored row; null for a row without one.
 *
 * @example
 * const rule = readCatalogueRule(row.rule);
 */
export function readCatalogueRule(stored: unknown): CatalogueRule | null {
  const parsed = schema.safeParse(stored);
  return parsed.success ? parsed.data : null;
}
