import type { CompiledPrice } from './compiled-price.ts';

/**
 * What an override row is about. Of several rows about the same, the one that became known last stands for all calls; the
 * others stay stored, to explain the entries that they made.
 *
 * @example
 * overrideSubject(price.row);
 */
export function overrideSubject({ row, service, region, validFrom }: CompiledPrice): string {
  return JSON.stringify([
    row.provider.trim().toLowerCase(),
    row.model.trim().toLowerCase(),
    service.tier,
    service.batch,
    region,
    row.windowOfDay?.from ?? null,
    row.windowOfDay?.to ?? null,
    String(validFrom),
  ]);
}

/**
 * Leaves out the rows that a later one about the same replaced.
 *
 * @example
 * const standing = standingRows(overrides);
 */
export function standingRows(prices: readonly CompiledPrice[]): CompiledPrice[] {
  const standing = new Map<string, CompiledPrice>();
  for (const price of prices) {
    const subject = overrideSubject(price);
    const other = standing.get(subject);
    const later =
      other === undefined ||
      price.knownFrom > other.knownFrom ||
      (price.knownFrom === other.knownFrom && price.row.id > other.row.id);
    if (later) standing.set(subject, price);
  }
  return [...standing.values()];
}
