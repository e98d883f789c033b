// What providers call the service that their list price is for.
const standardTiers: ReadonlySet<string> = new Set(['default', 'standard', 'auto', 'on_demand', 'ondemand']);

/** How a call was served, as far as its price depends on it. */
export interface ServiceKind {
  /** Null: the standard tier. Lower case. */
  readonly tier: string | null;
  readonly batch: boolean;
}

/**
 * Reads the tier and the batch flag of a call or of a price row. No tier, `default`, `standard`, `auto` and `on_demand` are
 * the standard one; a tier named `batch` is the batch flag.
 *
 * @example
 * serviceKind('flex', false); // { tier: 'flex', batch: false }
 * serviceKind('batch', undefined); // { tier: null, batch: true }
 */
export function serviceKind(
  serviceTier: string | null | undefined,
  batch: boolean | null | undefined,
): ServiceKind {
  const tier = serviceTier?.trim().toLowerCase() ?? '';
  if (tier === '' || standardTiers.has(tier)) return { tier: null, batch: batch === true };
  if (tier === 'batch') return { tier: null, batch: true };
  return { tier, batch: batch === true };
}
