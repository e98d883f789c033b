import type { StoredPrice } from '../storage/contract/price-store.ts';
import { readCatalogueRule, type CatalogueRule } from './catalogue/catalogue-rule.ts';
import { rateTables, type RateTable } from './rate-table.ts';
import { regionOf } from './region.ts';
import { serviceKind, type ServiceKind } from './service-tier.ts';

/** A price row made ready for pricing many calls. */
export interface CompiledPrice {
  readonly row: StoredPrice;
  readonly rule: CatalogueRule | null;
  /** Unix milliseconds; -Infinity for since ever, Infinity for still. */
  readonly validFrom: number;
  readonly validTo: number;
  readonly knownFrom: number;
  readonly service: ServiceKind;
  readonly region: string | null;
  /** Minutes of the UTC day, `from` inclusive; it goes over midnight where `to` is less. */
  readonly window: { readonly from: number; readonly to: number } | null;
  /** Base rates first, then each tier. */
  readonly tables: readonly { readonly above: number; readonly table: RateTable }[];
}

function minutes(time: string): number {
  const [hours = '0', rest = '0'] = time.split(':');
  return Number(hours) * 60 + Number(rest);
}

/**
 * Makes a stored row ready for pricing.
 *
 * @example
 * const price = compilePrice(row);
 */
export function compilePrice(row: StoredPrice): CompiledPrice {
  let tables: CompiledPrice['tables'] | null = null;
  return {
    row,
    rule: row.source === 'catalogue' ? readCatalogueRule(row.rule) : null,
    validFrom: row.validFrom === null ? Number.NEGATIVE_INFINITY : Date.parse(row.validFrom),
    validTo: row.validTo === null ? Number.POSITIVE_INFINITY : Date.parse(row.validTo),
    knownFrom: Date.parse(row.knownFrom),
    service: serviceKind(row.serviceTier, row.batch),
    region: regionOf(row.region),
    window: row.windowOfDay && { from: minutes(row.windowOfDay.from), to: minutes(row.windowOfDay.to) },
    // Of the thousands of rows of a catalogue an organization uses a few.
    get tables() {
      tables ??= rateTables(row.rates, row.tiers);
      return tables;
    },
  };
}

/**
 * Whether a price holds at an instant (Unix milliseconds), its hours of the day included.
 *
 * @example
 * holdsAt(price, timeOfUuidV7(event.id));
 */
export function holdsAt(price: CompiledPrice, at: number): boolean {
  if (at < price.validFrom || at >= price.validTo) return false;
  if (price.window === null) return true;
  const minute = Math.floor(at / 60_000) % 1440;
  const { from, to } = price.window;
  return to < from ? minute >= from || minute < to : minute >= from && minute < to;
}

/**
 * Sorts prices so that the first one that holds is the right one: a region's own before one for anywhere, certain hours
 * before the whole day, the later start, then the one that became known later. The id decides last, so that every
 * process chooses alike.
 *
 * @example
 * prices.sort(byPrecedence);
 */
export function byPrecedence(a: CompiledPrice, b: CompiledPrice): number {
  return (
    Number(b.region !== null) - Number(a.region !== null) ||
    Number(b.window !== null) - Number(a.window !== null) ||
    (a.validFrom === b.validFrom ? 0 : b.validFrom - a.validFrom) ||
    b.knownFrom - a.knownFrom ||
    (a.row.id < b.row.id ? -1 : 1)
  );
}
