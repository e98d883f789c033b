import type { KnownFacts } from './call-recorder.ts';

/** What a router says that a call cost, in US dollars, as a number or as text. */
export function statedCost(value: unknown): KnownFacts['statedCost'] {
  const amount = parseFloat(String(value));
  return amount >= 0 && amount < 1e9 ? { amount: amount.toFixed(12), currency: 'USD' } : undefined;
}
