import type { PriceInput, PriceRow } from '@tallykit/protocol';

/** A price row as it is stored. `rule` is a catalogue's own matching rule, or null for an exact model name. */
export interface StoredPrice extends PriceRow {
  readonly rule: unknown;
  /** True for a catalogue model without any rate: known, but without a price. */
  readonly empty: boolean;
}

/** A row to store: everything but when it became known here. */
export type PriceDraft = Omit<StoredPrice, 'knownFrom'>;

/** Dated price rows of one organization over the shared catalogue. */
export interface PriceStore {
  /** All rows that hold for the organization: its overrides and the catalogue, with the version they make up. */
  prices(): Promise<{ readonly version: number; readonly rows: readonly StoredPrice[] }>;
  /** Stores rows, takes the organization's lock and raises the price version. Rows already there change nothing. */
  putPrices(
    rows: readonly PriceDraft[],
    at: number,
  ): Promise<{
    readonly stored: readonly string[];
    readonly unchanged: readonly string[];
    readonly version: number;
  }>;
  /** Stores the shared catalogue's rows under `release`; a release already stored changes nothing. */
  importCatalogue(
    release: string,
    rows: readonly PriceDraft[],
    at: number,
  ): Promise<{ readonly imported: number }>;
}

export type { PriceInput };
