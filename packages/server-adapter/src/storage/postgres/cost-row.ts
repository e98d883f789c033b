import { usageBuckets, type CostEntry, type CostLine, type UsageBucket } from '@tallykit/protocol';
import { normalizeDecimal } from '../../primitives/money.ts';
import type { CostDraft } from '../contract/append.ts';

type PackedLine = readonly [
  bucket: string,
  quantity: number,
  rate: string,
  per: number,
  amount: string,
  above?: number,
];

const buckets: ReadonlySet<string> = new Set<string>([...usageBuckets, 'requests']);

/** Lines as they are stored: one short list each, without the names of the fields. */
export function packLines(lines: readonly CostLine[]): string {
  return JSON.stringify(
    lines.map(({ bucket, quantity, rate, per, amount, tierAbove }): PackedLine =>
      tierAbove === undefined
        ? [bucket, quantity, rate, per, amount]
        : [bucket, quantity, rate, per, amount, tierAbove],
    ),
  );
}

/** Lines as they were before {@link packLines}. */
export function unpackLines(packed: unknown): CostLine[] {
  return (packed as PackedLine[]).map(([bucket, quantity, rate, per, amount, tierAbove]) => {
    if (!buckets.has(bucket)) throw new Error(`A stored cost line names the unknown bucket ${bucket}.`);
    const line = { bucket: bucket as UsageBucket | 'requests', quantity, rate, per, amount };
    return tierAbove === undefined ? line : { ...line, tierAbove };
  });
}

/** A cost entry as a row gives it: amounts as text, instants in Unix milliseconds. */
export interface CostRow {
  readonly sequence: number;
  readonly kind: CostEntry['kind'];
  readonly recorded_at: number;
  readonly reason: string | null;
  readonly currency: string | null;
  readonly list_amount: string | null;
  readonly effective_amount: string | null;
  readonly charge_amount: string | null;
  readonly list_price_id: string | null;
  readonly effective_price_id: string | null;
  readonly lines: unknown;
}

/** Columns that make a {@link CostRow}, for a select list over the alias `c`. */
export const costColumnList =
  'c.sequence::float8 as sequence, c.kind, tallykit.ms_of(c.recorded_at) as recorded_at, c.reason, c.currency, ' +
  'c.list_amount::text, c.effective_amount::text, c.charge_amount::text, c.list_price_id, c.effective_price_id, c.lines';

/** An amount in its shortest form; PostgreSQL writes all twelve places. */
export function shortest(amount: string | null): string | null {
  return amount === null ? null : normalizeDecimal(amount);
}

/** The cost that an entry says. */
export function draftOfRow(row: CostRow): CostDraft {
  return {
    kind: row.kind === 'pending' ? 'pending' : 'priced',
    reason: row.reason,
    currency: row.currency,
    list: shortest(row.list_amount),
    effective: shortest(row.effective_amount),
    charge: shortest(row.charge_amount),
    listPriceId: row.list_price_id,
    effectivePriceId: row.effective_price_id,
    lines: unpackLines(row.lines),
  };
}
