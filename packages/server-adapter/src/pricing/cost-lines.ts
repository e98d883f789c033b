import {
  inputBuckets,
  promptTokens,
  totalTokens,
  type CostLine,
  type TokenUsage,
  type UsageBucket,
} from '@tallykit/protocol';
import { costAtRate, sumExact, writeExact, type ExactAmount } from '../primitives/money.ts';
import type { CompiledPrice } from './compiled-price.ts';
import { pricedBuckets, type PricedBucket, type RateTable } from './rate-table.ts';

/** A call's usage at one price, before rounding. */
export interface LineSum {
  readonly lines: readonly CostLine[];
  readonly total: ExactAmount;
}

// A prompt is laid out with what was cached first, so what reaches over a threshold is what was read anew.
const promptOrder: readonly UsageBucket[] = [
  'cacheRead',
  'cacheReadAudio',
  'cacheWrite',
  'cacheWrite5m',
  'cacheWrite1h',
  'inputAudio',
  'inputImage',
  'input',
];
const isPrompt: ReadonlySet<string> = new Set(inputBuckets);

// They measure anew what tokens measure already, wherever a model is billed by the token.
const alsoMeasuredInTokens: ReadonlySet<string> = new Set(['imagesGenerated', 'characters', 'seconds']);

interface Piece {
  readonly bucket: PricedBucket;
  readonly quantity: number;
  readonly table: RateTable;
}

function reached(price: CompiledPrice, prompt: number): RateTable {
  let table: RateTable = new Map();
  for (const tier of price.tables) if (tier.above === 0 || prompt > tier.above) table = tier.table;
  return table;
}

function graduatedPieces(usage: TokenUsage, price: CompiledPrice): Piece[] {
  const pieces: Piece[] = [];
  let position = 0;
  for (const bucket of promptOrder) {
    const end = position + (usage[bucket] ?? 0);
    price.tables.forEach(({ above, table }, index) => {
      const next = price.tables[index + 1]?.above ?? Number.POSITIVE_INFINITY;
      const quantity = Math.min(end, next) - Math.max(position, above);
      if (quantity > 0) pieces.push({ bucket, quantity, table });
    });
    position = end;
  }
  return pieces;
}

function piecesOf(usage: TokenUsage, price: CompiledPrice): Piece[] {
  const prompt = promptTokens(usage) ?? 0;
  const table = reached(price, prompt);
  const graduated = price.row.tierMode === 'graduated' && price.tables.length > 1;
  const pieces = graduated ? graduatedPieces(usage, price) : [];
  for (const bucket of pricedBuckets) {
    if (graduated && isPrompt.has(bucket)) continue;
    const quantity = bucket === 'requests' ? Number(table.has('requests')) : (usage[bucket] ?? 0);
    if (quantity > 0) pieces.push({ bucket, quantity, table });
  }
  return pieces;
}

/**
 * The lines of a call at one price, exact; null where something that the call used has no rate. In a `cliff` price the
 * highest tier that the prompt exceeds pays for the whole call; in a `graduated` one each tier pays for the part of the
 * prompt above it, and for what the model wrote the highest one reached.
 *
 * @example
 * const sum = costLines(usage, price);
 */
export function costLines(usage: TokenUsage, price: CompiledPrice): LineSum | null {
  const lines: CostLine[] = [];
  const amounts: ExactAmount[] = [];
  for (const { bucket, quantity, table } of piecesOf(usage, price)) {
    const rate = table.get(bucket);
    if (rate === undefined) {
      if (alsoMeasuredInTokens.has(bucket) && (totalTokens(usage) ?? 0) > 0) continue;
      return null;
    }
    const billed = bucket === 'seconds' ? Math.max(quantity, price.rule?.minimumSeconds ?? 0) : quantity;
    const amount = costAtRate(billed, rate.exact);
    amounts.push(amount);
    const line = {
      bucket,
      quantity: billed,
      rate: rate.exact.rate,
      per: rate.exact.per,
      amount: writeExact(amount),
    };
    lines.push(rate.tierAbove === null ? line : { ...line, tierAbove: rate.tierAbove });
  }
  return { lines, total: sumExact(amounts) };
}
