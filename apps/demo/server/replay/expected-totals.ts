import type { PriceRow } from '@tallykit/protocol';
import { decimalOf, picoOf } from '../pico-dollars.ts';
import type { TraceRow } from './read-trace.ts';

/** What the server must answer for a replayed trace. */
export interface TraceTotals {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Exact US dollars, without trailing zeros. */
  readonly cost: string;
}

function halfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = 2n * (numerator % denominator);
  if (twice < denominator) return quotient;
  return twice > denominator || quotient % 2n === 1n ? quotient + 1n : quotient;
}

/**
 * Adds up a trace by itself, in whole numbers only, so that it shares no arithmetic with the server it checks.
 * Each call is rounded once, half-even, to twelve decimals.
 *
 * @param price The row that prices the trace's model; null when it has none, which makes the cost 0 and every call pending.
 */
export function expectedTotals(rows: readonly TraceRow[], price: PriceRow | null): TraceTotals {
  const rateOf = (bucket: 'input' | 'output', prompt: number): { amount: bigint; per: bigint } => {
    const tier = price?.tiers.filter((candidate) => prompt > candidate.above).at(-1);
    // A tier names only the rates that it changes.
    const rates = [...(tier?.rates ?? []), ...(price?.rates ?? [])];
    const rate = rates.find((candidate) => candidate.bucket === bucket);
    return { amount: picoOf(rate?.amount ?? '0'), per: BigInt(rate?.per ?? 1) };
  };
  let inputTokens = 0;
  let outputTokens = 0;
  let pico = 0n;
  for (const row of rows) {
    inputTokens += row.contextTokens;
    outputTokens += row.generatedTokens;
    const input = rateOf('input', row.contextTokens);
    const output = rateOf('output', row.contextTokens);
    const numerator =
      BigInt(row.contextTokens) * input.amount * output.per +
      BigInt(row.generatedTokens) * output.amount * input.per;
    pico += halfEven(numerator, input.per * output.per);
  }
  return { calls: rows.length, inputTokens, outputTokens, cost: decimalOf(pico) };
}
