import type { Money } from '@tallykit/protocol';
import { compareDecimals, divideToNumber, subtractDecimals, sumMoney } from '../../primitives/money.ts';

/** Difference that still counts as equal, as a part of what the provider reported. */
export const tolerance = 0.005;

/** Result of one of the two comparisons; `unknown` when one side says nothing. */
export type Comparison = 'equal' | 'reported_more' | 'captured_more' | 'unknown';

/** Compares counts of tokens, or of requests. */
export function compareCounts(reported: number | null, captured: number | null): Comparison {
  if (reported === null || captured === null) return 'unknown';
  if (Math.abs(reported - captured) <= reported * tolerance) return 'equal';
  return reported > captured ? 'reported_more' : 'captured_more';
}

/**
 * Compares amounts of one currency.
 *
 * @param rounding what rounding alone may explain, in major units
 */
export function compareAmounts(reported: string, captured: string, rounding: string): Comparison {
  const difference = subtractDecimals(reported, captured);
  const size = absolute(difference);
  if (compareDecimals(size, rounding) <= 0) return 'equal';
  const share = divideToNumber(size, absolute(reported));
  if (share !== null && share <= tolerance) return 'equal';
  return compareDecimals(difference, '0') > 0 ? 'reported_more' : 'captured_more';
}

/** Reported minus captured, a currency at a time, without the currencies where nothing is left. */
export function residualMoney(reported: readonly Money[], captured: readonly Money[]): readonly Money[] {
  const negated = captured.map(({ amount, currency }) => ({
    amount: subtractDecimals('0', amount),
    currency,
  }));
  return sumMoney([...reported, ...negated]).filter(({ amount }) => compareDecimals(amount, '0') !== 0);
}

/** An amount without its sign. */
export function absolute(amount: string): string {
  return amount.startsWith('-') ? amount.slice(1) : amount;
}
