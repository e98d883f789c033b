// These providers serve one price world-wide and ask more for keeping a call in a region.
const regionIsExtra: ReadonlySet<string> = new Set(['openai', 'anthropic']);
const anywhere: ReadonlySet<string> = new Set(['', 'global', 'default', 'not_available']);

/**
 * Reads the region of a call or of a price row: lower case, null for anywhere.
 *
 * @example
 * regionOf('EU'); // 'eu'
 * regionOf('global'); // null
 */
export function regionOf(region: string | null | undefined): string | null {
  const text = region?.trim().toLowerCase() ?? '';
  return anywhere.has(text) ? null : text;
}

/**
 * Whether a price that names no region may pay for a call in `region`. Clouds sell a model under one list price and the
 * region only says where it ran; OpenAI and Anthropic charge a premium for a region, so there it may not.
 *
 * @example
 * pricesAnyRegion('openai', 'eu'); // false
 * pricesAnyRegion('aws', 'eu-central-1'); // true
 */
export function pricesAnyRegion(provider: string, region: string | null): boolean {
  return region === null || !regionIsExtra.has(provider);
}
