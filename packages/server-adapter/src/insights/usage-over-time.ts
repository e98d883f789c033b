import type { DatasetFilter, UsageGroup, UsageOverTime, UsageSeries } from '@tallykit/protocol';
import { faultsOfFilter } from '../datasets/check-query.ts';
import { dimensionOf } from '../datasets/dataset-definition.ts';
import { tokenUsage } from '../datasets/definitions/token-usage.ts';
import { refuseForeignCustomers } from '../datasets/foreign-customers.ts';
import { freshnessOf, timeRange } from '../datasets/freshness.ts';
import type { Span, UsageQuestion, UsageReading, UsageRow } from '../datasets/question.ts';
import type { Asker } from '../datasets/run-query.ts';
import type { BucketSpan } from '../primitives/time-bucket.ts';
import { invalidParameters } from './insight-problems.ts';
import { askedRange, bucketsOf, widenRange } from './insight-range.ts';
import { rankGroups } from './rank-groups.ts';
import type { InsightParameters } from './read-parameters.ts';
import { usagePoint } from './row-sums.ts';
import { rowsByBucket, timeBucket } from './rows-by-bucket.ts';

/** Rows by time and currency of the groups that are shown, and of all others together. */
export interface UsageRows {
  /** Largest group first. `null` stands for calls that name none, or for all calls when nothing is grouped. */
  readonly series: readonly { readonly key: string | null; readonly rows: readonly UsageRow[] }[];
  readonly others: readonly UsageRow[];
  /** Groups that `others` holds. */
  readonly otherGroups: number;
}

/** What the figures are of. */
export interface UsageFrame {
  readonly range: Span;
  readonly buckets: readonly BucketSpan[];
  readonly timeZone: string;
  readonly grain: UsageOverTime['grain'];
  readonly groupBy: UsageGroup;
  readonly visibility: Asker['visibility'];
  readonly now: number;
  readonly names: ReadonlyMap<string, string>;
}

/** Answers `usage-over-time`: calls, tokens and cost by bucket of time, for the largest groups and all others. */
export async function answerUsageOverTime(
  asker: Asker,
  parameters: InsightParameters,
): Promise<UsageOverTime> {
  const timeZone = parameters.timeZone ?? asker.organization.timeZone;
  const grain = parameters.grain ?? 'day';
  const groupBy = parameters.groupBy ?? 'none';
  const context = { timeZone, now: asker.now, defaultDays: 30 };
  const range = widenRange(askedRange(parameters, context), grain === 'hour' ? 'hour' : 'day', context);
  const buckets = bucketsOf(range, grain, timeZone);
  const question: UsageQuestion = {
    dataset: tokenUsage,
    measures: ['cost', 'calls', 'total_tokens', 'pending_calls'],
    dimensions: ['time', 'currency'],
    grain,
    timeZone,
    range,
    filters: filtersOf(parameters, asker),
  };
  const { rows, readings } = await readGroups(asker, question, {
    groupBy,
    top: parameters.top ?? 5,
    orderBy: parameters.orderBy ?? 'cost',
  });
  const of = groupBy === 'none' ? undefined : dimensionOf(tokenUsage, groupBy)?.namesOf;
  const keys = rows.series.map(({ key }) => key).filter((key) => key !== null);
  const names = of === undefined ? new Map<string, string>() : await asker.names(of, keys);
  const { visibility, now } = asker;
  const shaped = shapeUsageOverTime(rows, {
    ...{ range, buckets, timeZone, grain, groupBy, visibility, now, names },
  });
  return {
    ...shaped,
    scope: asker.scope,
    freshness: freshnessOf({
      asker,
      cadence: tokenUsage.cadence,
      readings,
      pending: {
        calls: readings.reduce((sum, { pending }) => sum + pending.calls, 0),
        tokens: readings.reduce<number | null>(
          (sum, { pending }) => (pending.tokens === null ? sum : (sum ?? 0) + pending.tokens),
          null,
        ),
      },
      buckets,
    }),
  };
}

function filtersOf({ filters, environment }: InsightParameters, asker: Asker): readonly DatasetFilter[] {
  const faults = filters.flatMap((filter) => faultsOfFilter(filter, '', tokenUsage));
  if (faults.length > 0) {
    throw invalidParameters(faults.map(({ detail }) => ({ pointer: 'filter', detail })));
  }
  refuseForeignCustomers(filters, tokenUsage, asker);
  return environment === null
    ? filters
    : [...filters, { field: 'environment', operator: 'eq', values: [environment] }];
}

interface Grouping {
  readonly groupBy: UsageGroup;
  readonly top: number;
  readonly orderBy: NonNullable<InsightParameters['orderBy']>;
}

/**
 * Reads the totals of all groups first and then the buckets of the largest ones only: a thousand customers by day would
 * be ninety thousand rows, of which a chart shows five groups.
 */
async function readGroups(
  asker: Asker,
  question: UsageQuestion,
  { groupBy, top, orderBy }: Grouping,
): Promise<{ readonly rows: UsageRows; readonly readings: readonly UsageReading[] }> {
  if (groupBy === 'none') {
    const reading = await asker.usage(question);
    return {
      rows: { series: [{ key: null, rows: reading.rows }], others: [], otherGroups: 0 },
      readings: [reading],
    };
  }
  const totals = await asker.usage({ ...question, dimensions: [groupBy, 'currency'] });
  const ranked = rankGroups(totals.rows, groupBy, orderBy);
  const shown = ranked.slice(0, top);
  const named = shown.filter((key) => key !== null);
  const within = (filters: readonly DatasetFilter[], dimensions: readonly string[]) =>
    asker.usage({ ...question, dimensions, filters: [...question.filters, ...filters] });
  const notShown: readonly DatasetFilter[] = [
    ...named.map((key) => ({ field: groupBy, operator: 'ne' as const, values: [key] })),
    ...(shown.includes(null) ? [{ field: groupBy, operator: 'notNull' as const }] : []),
  ];
  const [series, unnamed, others] = await Promise.all([
    named.length === 0
      ? null
      : within([{ field: groupBy, operator: 'in', values: named }], ['time', groupBy, 'currency']),
    shown.includes(null) ? within([{ field: groupBy, operator: 'isNull' }], ['time', 'currency']) : null,
    ranked.length > shown.length ? within(notShown, ['time', 'currency']) : null,
  ]);
  return {
    rows: {
      series: shown.map((key) => ({
        key,
        rows:
          key === null ? (unnamed?.rows ?? []) : (series?.rows.filter((row) => row[groupBy] === key) ?? []),
      })),
      others: others?.rows ?? [],
      otherGroups: ranked.length - shown.length,
    },
    // What was ranked by is not in the answer unless nothing else is.
    readings: shown.length === 0 ? [totals] : [series, unnamed, others].filter((reading) => reading !== null),
  };
}

/** Makes the figures from rows. A bucket without rows is null, not zero. */
export function shapeUsageOverTime(
  { series, others, otherGroups }: UsageRows,
  { range, buckets, timeZone, grain, groupBy, visibility, now, names }: UsageFrame,
): Omit<UsageOverTime, 'scope' | 'freshness'> {
  const seriesOf = (key: string | null, rows: readonly UsageRow[]): UsageSeries => ({
    key,
    label: key === null ? null : (names.get(key) ?? key),
    total: usagePoint(rows),
    points: rowsByBucket(rows, buckets).map((cell) => (cell.length === 0 ? null : usagePoint(cell))),
  });
  const recorded = series.filter(({ rows }) => rows.length > 0).length;
  return {
    insight: 'usage-over-time',
    range: timeRange(range, timeZone),
    grain,
    groupBy,
    basis: visibility === 'operator' ? 'effective' : 'charge',
    buckets: buckets.map((bucket) => timeBucket(bucket, now)),
    series: series.map(({ key, rows }) => seriesOf(key, rows)),
    others: otherGroups === 0 ? null : { ...seriesOf(null, others), groups: otherGroups },
    total: usagePoint([...series.flatMap(({ rows }) => rows), ...others]),
    groups: groupBy === 'none' ? recorded : recorded + otherGroups,
  };
}
