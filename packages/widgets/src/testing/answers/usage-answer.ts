import type {
  Grain,
  TimeBucket,
  UsageGroup,
  UsageOverTime,
  UsagePoint,
  UsageSeries,
} from '@tallykit/protocol';
import { sumDecimals } from '../../format/decimal.ts';
import { exampleDays, exampleNow, exampleRange, wave } from './calendar.ts';

interface UsageShape {
  readonly buckets: readonly TimeBucket[];
  readonly names: readonly string[];
  readonly others: number;
  readonly groupBy: UsageGroup;
  readonly grain: Grain;
}

function point(cost: number): UsagePoint {
  return {
    calls: Math.max(1, Math.round(cost * 180)),
    tokens: Math.round(cost * 440_000),
    cost: [{ amount: cost.toFixed(6), currency: 'USD' }],
    pendingCalls: 0,
  };
}

function sum(points: readonly (UsagePoint | null)[]): UsagePoint {
  const known = points.filter((one) => one !== null);
  return {
    calls: known.reduce((total, one) => total + one.calls, 0),
    tokens: known.reduce((total, one) => total + (one.tokens ?? 0), 0),
    cost: [{ amount: sumDecimals(known.map((one) => one.cost[0]?.amount ?? '0')), currency: 'USD' }],
    pendingCalls: 0,
  };
}

/** Usage by any group, with costs that fall from the first name to the last. */
export function usageAnswer({ buckets, names, others, groupBy, grain }: UsageShape): UsageOverTime {
  const series = names.map((name, rank): UsageSeries => {
    const points = buckets.map((bucket, index) =>
      point((bucket.open ? 0.6 : 1) * (42 / (1 + rank * 0.34)) * wave(index, rank)),
    );
    return { key: name, label: name, total: sum(points), points };
  });
  const restPoints = buckets.map((bucket, index) => point((bucket.open ? 0.6 : 1) * 7 * wave(index, 9)));
  const rest =
    others > 0
      ? { key: null, label: null, total: sum(restPoints), points: restPoints, groups: others }
      : null;
  return {
    insight: 'usage-over-time',
    range: {
      ...exampleRange(21, 51),
      from: buckets[0]?.start ?? exampleNow,
      to: buckets.at(-1)?.end ?? exampleNow,
    },
    grain,
    groupBy,
    basis: 'effective',
    buckets,
    series,
    others: rest,
    total: sum([...series.map((one) => one.total), ...(rest ? [rest.total] : [])]),
    groups: names.length + others,
    scope: { organizationId: 'org_acme', customerId: null, customerName: null, visibility: 'operator' },
    freshness: {
      asOf: exampleNow,
      cadence: 'live',
      openBucket: { start: buckets.at(-1)?.start ?? exampleNow, end: buckets.at(-1)?.end ?? exampleNow },
      pending: { calls: 0, tokens: null },
      withheld: [],
      engine: 'reference',
    },
  };
}

/** Names of models, the largest first. */
export const exampleModels = [
  'gpt-4o-mini',
  'claude-sonnet-4-5',
  'gpt-4o',
  'gemini-2.5-pro',
  'mistral-large',
];

/** Thirty days by model, nine further models as others. */
export const usageByModel: UsageOverTime = usageAnswer({
  buckets: exampleDays(21, 50),
  names: exampleModels,
  others: 9,
  groupBy: 'model',
  grain: 'day',
});

/** The same as one series. */
export const usageAsWhole: UsageOverTime = {
  ...usageAnswer({ buckets: exampleDays(21, 50), names: ['all'], others: 0, groupBy: 'none', grain: 'day' }),
  groups: 1,
};

/** The same with calls that have no price yet: one series of one day knows none, and a day without any call. */
export const usagePending: UsageOverTime = {
  ...usageByModel,
  series: usageByModel.series.map((series, rank) => ({
    ...series,
    points: series.points.map((one, index) => {
      if (index === 9) return null;
      return rank === 1 && index === 15 && one ? { ...one, cost: [], pendingCalls: one.calls } : one;
    }),
  })),
  others: usageByModel.others && {
    ...usageByModel.others,
    points: usageByModel.others.points.map((one, index) => (index === 9 ? null : one)),
  },
  total: { ...usageByModel.total, pendingCalls: 312 },
  freshness: { ...usageByModel.freshness, pending: { calls: 312, tokens: 901_000 } },
};

/** Seen by somebody who may see tokens and no money. */
export const usageWithheld: UsageOverTime = {
  ...usageByModel,
  series: usageByModel.series.map((series) => ({
    ...series,
    total: { ...series.total, cost: [] },
    points: series.points.map((one) => one && { ...one, cost: [] }),
  })),
  others: usageByModel.others && {
    ...usageByModel.others,
    total: { ...usageByModel.others.total, cost: [] },
    points: usageByModel.others.points.map((one) => one && { ...one, cost: [] }),
  },
  total: { ...usageByModel.total, cost: [] },
  freshness: { ...usageByModel.freshness, withheld: ['cost'] },
};

/** Before the first call. */
export const usageEmpty: UsageOverTime = {
  ...usageByModel,
  series: [],
  others: null,
  groups: 0,
  total: { calls: 0, tokens: null, cost: [], pendingCalls: 0 },
};
