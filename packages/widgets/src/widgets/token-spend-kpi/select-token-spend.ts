import type { Freshness, Money, TimeBucket, TimeRange, TokenSpend } from '@tallykit/protocol';
import { amountIn, amountsBeside, shownCurrency } from '../../format/amount-in.ts';
import { changeRatio } from '../../format/change-ratio.ts';
import type { WidgetState } from '../../states/widget-state.ts';

/** One bucket of the line under the spend. */
export interface TokenSpendBucket extends TimeBucket {
  /** Null when no call of the bucket has a cost yet. */
  readonly spend: Money | null;
  readonly tokens: number | null;
  readonly calls: number;
}

/** What the token-spend card draws. */
export interface TokenSpendPicture {
  readonly range: TimeRange;
  readonly freshness: Pick<Freshness, 'asOf' | 'cadence'>;
  /** Null while no call has a cost. */
  readonly spend: Money | null;
  /** Spend in further currencies, never added up. */
  readonly spendBeside: readonly Money[];
  /** Null when no call reported tokens. */
  readonly tokens: number | null;
  readonly calls: number;
  /** Change against the span before, as a ratio; null when there is nothing to compare with. */
  readonly change: number | null;
  readonly pending: { readonly calls: number; readonly share: number };
  readonly unattributed: { readonly calls: number; readonly share: number };
  readonly buckets: readonly TokenSpendBucket[];
}

function picture(answer: TokenSpend, wished: string | undefined): TokenSpendPicture {
  const currency = shownCurrency(answer.spend, wished);
  const spend = amountIn(answer.spend, currency);
  const before = answer.previous ? amountIn(answer.previous.spend, currency) : null;
  return {
    range: answer.range,
    freshness: answer.freshness,
    spend,
    spendBeside: amountsBeside(answer.spend, currency),
    tokens: answer.tokens.total,
    calls: answer.calls,
    change: spend && changeRatio(spend.amount, before?.amount),
    pending: answer.pending,
    unattributed: answer.unattributed,
    buckets: answer.series.map((bucket) => ({
      start: bucket.start,
      end: bucket.end,
      open: bucket.open,
      // No calls are a spend of nothing; calls without a cost are a spend that is not known.
      spend:
        amountIn(bucket.spend, currency) ??
        (bucket.calls === 0 && currency !== null ? { amount: '0', currency } : null),
      tokens: bucket.tokens,
      calls: bucket.calls,
    })),
  };
}

/**
 * Turns the server's answer into what the card shows.
 *
 * @param currency to show first; default: the first of the answer.
 *
 * @example
 * const state = selectTokenSpend(await client.insights.get('token-spend'), 'EUR');
 */
export function selectTokenSpend(answer: TokenSpend, currency?: string): WidgetState<TokenSpendPicture> {
  const drawn = picture(answer, currency);
  if (answer.calls === 0) return { name: 'empty', picture: drawn };
  const priced = answer.calls > answer.pending.calls;
  if (drawn.spend === null && priced && answer.freshness.withheld.length > 0) {
    return { name: 'withheld', picture: drawn };
  }
  return { name: answer.pending.calls > 0 ? 'partial' : 'ready', picture: drawn };
}
