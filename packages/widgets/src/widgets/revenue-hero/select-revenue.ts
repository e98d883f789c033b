import type { Freshness, Money, RevenueHero, TimeBucket, TimeRange } from '@tallykit/protocol';
import { amountIn, amountsBeside, shownCurrency } from '../../format/amount-in.ts';
import { changeRatio } from '../../format/change-ratio.ts';
import type { WidgetState } from '../../states/widget-state.ts';

/** One day of the bars. */
export interface RevenueBucket extends TimeBucket {
  /** Null for a day that has not begun. */
  readonly invoiced: Money | null;
  readonly invoices: number;
}

/** What the revenue card draws. */
export interface RevenuePicture {
  readonly range: TimeRange;
  readonly freshness: Pick<Freshness, 'asOf' | 'cadence'>;
  readonly invoiced: Money | null;
  /** Totals in further currencies, never added up. */
  readonly invoicedBeside: readonly Money[];
  readonly invoicedWithoutTax: Money | null;
  readonly invoices: number;
  /** As many days from the start of the month before; null when they hold no invoice in this currency. */
  readonly before: { readonly range: TimeRange; readonly invoiced: Money } | null;
  /** Where the comparison would have been, for its words. */
  readonly beforeRange: TimeRange | null;
  /** Change against the days before, as a ratio; null when there is nothing to compare with. */
  readonly change: number | null;
  readonly buckets: readonly RevenueBucket[];
}

function picture(answer: RevenueHero, wished: string | undefined): RevenuePicture {
  const known = answer.invoiced.length > 0 ? answer.invoiced : (answer.previous?.invoiced ?? []);
  const currency = shownCurrency(known, wished);
  const zero = currency === null ? null : { amount: '0', currency };
  const invoiced = amountIn(answer.invoiced, currency) ?? zero;
  const before = answer.previous && amountIn(answer.previous.invoiced, currency);
  return {
    range: answer.range,
    freshness: answer.freshness,
    invoiced,
    invoicedBeside: amountsBeside(answer.invoiced, currency),
    invoicedWithoutTax: amountIn(answer.invoicedExclTax, currency),
    invoices: answer.invoices,
    before: answer.previous && before ? { range: answer.previous.range, invoiced: before } : null,
    beforeRange: answer.previous?.range ?? null,
    change: invoiced && before ? changeRatio(invoiced.amount, before.amount) : null,
    buckets: answer.series.map((bucket) => ({
      start: bucket.start,
      end: bucket.end,
      open: bucket.open,
      invoiced: bucket.start > answer.freshness.asOf ? null : (amountIn(bucket.invoiced, currency) ?? zero),
      invoices: bucket.invoices,
    })),
  };
}

/**
 * Turns the server's answer into what the card shows.
 *
 * @param currency to show first; default: the first of the answer.
 *
 * @example
 * const state = selectRevenue(await client.insights.get('revenue-hero', { month: '2026-11' }));
 */
export function selectRevenue(answer: RevenueHero, currency?: string): WidgetState<RevenuePicture> {
  const drawn = picture(answer, currency);
  const nothingKnown = answer.invoiced.length === 0 && answer.freshness.withheld.length > 0;
  if (nothingKnown && answer.invoices > 0) return { name: 'withheld', picture: null };
  // No invoice now, but some before: that is a measured zero and not a lack of data.
  if (answer.invoices === 0 && answer.previous === null) return { name: 'empty', picture: drawn };
  return { name: 'ready', picture: drawn };
}
