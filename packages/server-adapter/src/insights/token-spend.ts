import type { TokenSpend, TokenTotals } from '@tallykit/protocol';
import { tokenUsage } from '../datasets/definitions/token-usage.ts';
import { freshnessOf, timeRange } from '../datasets/freshness.ts';
import type { PendingFigure, Span, UsageQuestion, UsageRow } from '../datasets/question.ts';
import type { Asker } from '../datasets/run-query.ts';
import { quarterHourEnd, type BucketSpan } from '../primitives/time-bucket.ts';
import { askedRange, bucketsOf, widenRange } from './insight-range.ts';
import type { InsightParameters } from './read-parameters.ts';
import { countOf, moneyOf, tokensOf } from './row-sums.ts';
import { rowsByBucket, timeBucket } from './rows-by-bucket.ts';

/** What the figures are made from. */
export interface TokenSpendRows {
  /** By time and currency. */
  readonly current: readonly UsageRow[];
  /** By currency. */
  readonly previous: readonly UsageRow[];
  readonly pending: PendingFigure;
  readonly reasons: readonly { readonly reason: string; readonly calls: number }[];
}

/** What the figures are of. */
export interface TokenSpendFrame {
  readonly range: Span;
  readonly previousRange: Span | null;
  readonly buckets: readonly BucketSpan[];
  readonly timeZone: string;
  readonly now: number;
  readonly visibility: Asker['visibility'];
}

const twoDaysMs = 2 * 86_400_000;

/** Answers `token-spend`: what the calls of a span cost, how many tokens that bought, and how much is still pending. */
export async function answerTokenSpend(asker: Asker, parameters: InsightParameters): Promise<TokenSpend> {
  const timeZone = parameters.timeZone ?? asker.organization.timeZone;
  const context = { timeZone, now: asker.now, defaultDays: 30 };
  const asked = askedRange(parameters, context);
  const grain = asked.to - asked.from <= twoDaysMs ? 'hour' : 'day';
  const range = widenRange(asked, grain, context);
  const buckets = bucketsOf(range, grain, timeZone);
  const previousRange = spanBefore(range, asker.now);
  const { environment } = parameters;
  const filters =
    environment === null ? [] : [{ field: 'environment', operator: 'eq' as const, values: [environment] }];
  const question: UsageQuestion = {
    dataset: tokenUsage,
    measures: [
      ...['cost', 'list_cost', 'effective_cost', 'charge', 'calls'],
      ...['total_tokens', 'prompt_tokens', 'completion_tokens'],
      ...(asker.visibility === 'operator' ? ['unattributed_calls'] : []),
    ],
    dimensions: ['time', 'currency'],
    grain,
    timeZone,
    range,
    filters,
  };
  const [current, previous, reasons] = await Promise.all([
    asker.usage(question),
    previousRange &&
      asker.usage({
        ...question,
        dimensions: ['currency'],
        range: previousRange,
        measures: comparedMeasures,
      }),
    asker.pendingReasons(
      range,
      filters.map((filter) => ({ ...filter, field: 'environment' as const })),
    ),
  ]);
  const rows: TokenSpendRows = {
    current: current.rows,
    previous: previous?.rows ?? [],
    pending: current.pending,
    reasons: reasons.rows.map((row) => ({
      reason: String(row['reason'] ?? 'unknown'),
      calls: Number(row['calls']),
    })),
  };
  return {
    ...shapeTokenSpend(rows, {
      range,
      previousRange,
      buckets,
      timeZone,
      now: asker.now,
      visibility: asker.visibility,
    }),
    scope: asker.scope,
    freshness: freshnessOf({
      asker,
      cadence: tokenUsage.cadence,
      readings: [current, ...(previous ? [previous] : [])],
      pending: current.pending,
      buckets,
    }),
  };
}

const comparedMeasures = ['cost', 'calls', 'total_tokens', 'prompt_tokens', 'completion_tokens'];

/** The span of equal length just before the part of a range that has passed; null when nothing of it has. */
export function spanBefore({ from, to }: Span, now: number): Span | null {
  const passed = Math.min(to, quarterHourEnd(now));
  return passed > from ? { from: from - (passed - from), to: from } : null;
}

/** Makes the figures from rows. */
export function shapeTokenSpend(
  { current, previous, pending, reasons }: TokenSpendRows,
  { range, previousRange, buckets, timeZone, now, visibility }: TokenSpendFrame,
): Omit<TokenSpend, 'scope' | 'freshness'> {
  const calls = countOf(current, 'calls');
  const unattributed = countOf(current, 'unattributed_calls');
  const byBucket = rowsByBucket(current, buckets);
  return {
    insight: 'token-spend',
    range: timeRange(range, timeZone),
    basis: visibility === 'operator' ? 'effective' : 'charge',
    spend: moneyOf(current, 'cost'),
    ...(visibility === 'operator'
      ? {
          amounts: {
            list: moneyOf(current, 'list_cost'),
            effective: moneyOf(current, 'effective_cost'),
            charge: moneyOf(current, 'charge'),
          },
        }
      : {}),
    calls,
    tokens: totalsOf(current),
    pending: { ...pending, share: shareOf(pending.calls, calls), reasons },
    unattributed: { calls: unattributed, share: shareOf(unattributed, calls) },
    previous:
      previousRange === null || isEmpty(previous)
        ? null
        : {
            range: timeRange(previousRange, timeZone),
            spend: moneyOf(previous, 'cost'),
            calls: countOf(previous, 'calls'),
            tokens: totalsOf(previous),
          },
    series: buckets.map((bucket, place) => {
      const rows = byBucket[place] ?? [];
      return {
        ...timeBucket(bucket, now),
        spend: moneyOf(rows, 'cost'),
        tokens: tokensOf(rows, 'total_tokens'),
        calls: countOf(rows, 'calls'),
      };
    }),
  };
}

function totalsOf(rows: readonly UsageRow[]): TokenTotals {
  return {
    total: tokensOf(rows, 'total_tokens'),
    prompt: tokensOf(rows, 'prompt_tokens'),
    completion: tokensOf(rows, 'completion_tokens'),
  };
}

function isEmpty(rows: readonly UsageRow[]): boolean {
  return rows.every((row) => row['calls'] === 0 && row['total_tokens'] === null && row['cost'] === null);
}

// Attempts without a cost can outnumber the calls that they belong to.
function shareOf(part: number, whole: number): number {
  if (part === 0) return 0;
  return whole === 0 ? 1 : Math.min(1, part / whole);
}
