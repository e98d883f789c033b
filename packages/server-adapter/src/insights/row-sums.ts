import type { Money, UsagePoint } from '@tallykit/protocol';
import type { UsageRow } from '../datasets/question.ts';
import { compareDecimals, sumMoney } from '../primitives/money.ts';

/** Sum of a count over rows. */
export function countOf(rows: readonly UsageRow[], field: string): number {
  return rows.reduce((sum, row) => sum + (typeof row[field] === 'number' ? row[field] : 0), 0);
}

/** Sum of tokens over rows; null when none of them reported any. */
export function tokensOf(rows: readonly UsageRow[], field: string): number | null {
  const reported = rows.map((row) => row[field]).filter((tokens) => typeof tokens === 'number');
  return reported.length === 0 ? null : reported.reduce((sum, tokens) => sum + tokens, 0);
}

/**
 * Amounts over rows, one a currency, never added across currencies. A currency that comes to nothing, as re-pricing can
 * leave it behind, is left out where another one holds something.
 */
export function moneyOf(rows: readonly UsageRow[], field: string): readonly Money[] {
  const amounts = rows.flatMap((row): readonly Money[] => {
    const amount = row[field];
    const currency = row['currency'];
    return typeof amount === 'string' && typeof currency === 'string' ? [{ amount, currency }] : [];
  });
  const sums = sumMoney(amounts);
  const some = sums.filter(({ amount }) => compareDecimals(amount, '0') !== 0);
  return some.length > 0 ? some : sums;
}

/** The figures of one series in one bucket, or over the range. */
export function usagePoint(rows: readonly UsageRow[]): UsagePoint {
  return {
    calls: countOf(rows, 'calls'),
    tokens: tokensOf(rows, 'total_tokens'),
    cost: moneyOf(rows, 'cost'),
    pendingCalls: countOf(rows, 'pending_calls'),
  };
}
