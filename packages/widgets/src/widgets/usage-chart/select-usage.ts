import type {
  Freshness,
  Grain,
  Money,
  TimeBucket,
  TimeRange,
  UsageGroup,
  UsageOverTime,
  UsagePoint,
  UsageSeries,
} from '@tallykit/protocol';
import { amountIn, amountsBeside, shownCurrency } from '../../format/amount-in.ts';
import type { WidgetState } from '../../states/widget-state.ts';

/** Figures of one series in one bucket, in one currency. */
export interface UsageFigures {
  /** Null when it is not known: no call of the bucket has a cost yet. */
  readonly cost: Money | null;
  /** Null when no call reported tokens. */
  readonly tokens: number | null;
  readonly calls: number;
}

/** One series of a usage picture. */
export interface UsagePictureSeries {
  readonly id: string;
  /** Null for calls that name no group. */
  readonly label: string | null;
  /** How many groups it stands for; 0 for a group of its own. */
  readonly others: number;
  readonly total: UsageFigures;
  /** One for each bucket. */
  readonly figures: readonly UsageFigures[];
}

/** What the usage chart draws. */
export interface UsagePicture {
  readonly range: TimeRange;
  readonly freshness: Pick<Freshness, 'asOf' | 'cadence'>;
  readonly grain: Grain;
  readonly groupBy: UsageGroup;
  readonly currency: string | null;
  /** Cost in further currencies, never added up. */
  readonly costBeside: readonly Money[];
  readonly buckets: readonly TimeBucket[];
  /** The largest first; what stands for all others last. */
  readonly series: readonly UsagePictureSeries[];
  /** How many groups there are in all. */
  readonly groups: number;
  readonly pending: { readonly calls: number; readonly share: number };
}

function figures(point: UsagePoint | null, currency: string | null): UsageFigures {
  // Nothing recorded is a sum of nothing. Calls without a cost or without token counts are not.
  if (point === null || point.calls === 0) {
    return { cost: currency === null ? null : { amount: '0', currency }, tokens: 0, calls: 0 };
  }
  const otherCurrencyOnly = point.cost.length > 0 && currency !== null;
  const cost = amountIn(point.cost, currency) ?? (otherCurrencyOnly ? { amount: '0', currency } : null);
  return { cost, tokens: point.tokens, calls: point.calls };
}

function pictureSeries(series: UsageSeries, others: number, currency: string | null): UsagePictureSeries {
  return {
    id: others > 0 ? 'others' : `key:${series.key ?? ''}`,
    label: series.label ?? series.key,
    others,
    total: figures(series.total, currency),
    figures: series.points.map((point) => figures(point, currency)),
  };
}

/**
 * Turns the server's answer into what the chart shows.
 *
 * @param currency to show; default: the first of the answer.
 *
 * @example
 * const state = selectUsage(await client.insights.get('usage-over-time', { groupBy: 'flow' }));
 */
export function selectUsage(answer: UsageOverTime, currency?: string): WidgetState<UsagePicture> {
  const shown = shownCurrency(answer.total.cost, currency);
  const { calls, pendingCalls } = answer.total;
  const picture: UsagePicture = {
    range: answer.range,
    freshness: answer.freshness,
    grain: answer.grain,
    groupBy: answer.groupBy,
    currency: shown,
    costBeside: amountsBeside(answer.total.cost, shown),
    buckets: answer.buckets,
    series: [
      ...answer.series.map((series) => pictureSeries(series, 0, shown)),
      ...(answer.others ? [pictureSeries(answer.others, answer.others.groups, shown)] : []),
    ],
    groups: answer.groups,
    pending: { calls: pendingCalls, share: calls === 0 ? 0 : pendingCalls / calls },
  };
  if (calls === 0) return { name: 'empty', picture };
  if (shown === null && calls > pendingCalls && answer.freshness.withheld.length > 0) {
    return { name: 'withheld', picture };
  }
  return { name: pendingCalls > 0 ? 'partial' : 'ready', picture };
}
