import type { Money, RevenueHero } from '@tallykit/protocol';
import { freshnessOf, timeRange } from '../datasets/freshness.ts';
import type { Asker, RowsReading } from '../datasets/run-query.ts';
import { fromMinorUnits, sumMoney } from '../primitives/money.ts';
import { addDays, dayOf, startOfDay } from '../primitives/time-bucket.ts';
import { bucketsOf, firstOfNextMonth } from './insight-range.ts';
import { invalidParameters } from './insight-problems.ts';
import type { InsightParameters } from './read-parameters.ts';
import { timeBucket } from './rows-by-bucket.ts';

/** Calendar days, `from` inclusive, `to` exclusive. */
export interface DaySpan {
  readonly from: string;
  readonly to: string;
}

type InvoiceRow = RowsReading<Readonly<Record<string, string | number | null>>>['rows'][number];

/** Answers `revenue-hero`: totals of posted invoices by day of issue, beside as many days of the month before. */
export async function answerRevenueHero(asker: Asker, parameters: InsightParameters): Promise<RevenueHero> {
  const timeZone = parameters.timeZone ?? asker.organization.timeZone;
  const days = revenueDays(parameters, dayOf(asker.now, timeZone), timeZone);
  const before = daysBefore(days);
  const buckets = bucketsOf(spanOf(days, timeZone), 'day', timeZone);
  const [current, previous] = await Promise.all([asker.invoices(days), asker.invoices(before)]);
  return {
    ...shapeRevenueHero(current.rows, previous.rows, { days, before, timeZone, now: asker.now }),
    scope: asker.scope,
    freshness: freshnessOf({ asker, cadence: 'on_write', readings: [current, previous], buckets }),
  };
}

/**
 * The days that are asked for: the current month up to today unless told. An invoice has a day of issue and no time, so
 * instants are taken as the days that hold them.
 */
export function revenueDays(
  { from, to, month }: Pick<InsightParameters, 'from' | 'to' | 'month'>,
  today: string,
  timeZone: string,
): DaySpan {
  const tomorrow = addDays(today, 1);
  if (month !== null) {
    const first = `${month}-01`;
    const end = firstOfNextMonth(first);
    return { from: first, to: first <= today && tomorrow < end ? tomorrow : end };
  }
  const end = to === null ? tomorrow : addDays(dayOf(to - 1, timeZone), 1);
  const start = from === null ? `${addDays(end, -1).slice(0, 7)}-01` : dayOf(from, timeZone);
  if (start >= end || (from !== null && to !== null && from >= to)) {
    throw invalidParameters([{ pointer: 'from', detail: `Must be before ${to === null ? 'now' : '"to"'}.` }]);
  }
  return { from: start, to: end };
}

/**
 * As many days of the month before, from its first day, when the span begins with a month, and at most the whole of that
 * month; otherwise as many days just before.
 */
export function daysBefore({ from, to }: DaySpan): DaySpan {
  const count = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
  if (!from.endsWith('-01')) return { from: addDays(from, -count), to: from };
  const first = `${addDays(from, -1).slice(0, 7)}-01`;
  const end = addDays(first, count);
  return { from: first, to: end < from ? end : from };
}

/** What the figures are of. */
export interface RevenueFrame {
  readonly days: DaySpan;
  readonly before: DaySpan;
  readonly timeZone: string;
  readonly now: number;
}

/** Makes the figures from rows of invoices by day and currency. */
export function shapeRevenueHero(
  current: readonly InvoiceRow[],
  previous: readonly InvoiceRow[],
  { days, before, timeZone, now }: RevenueFrame,
): Omit<RevenueHero, 'scope' | 'freshness'> {
  const byDay = new Map<string, InvoiceRow[]>();
  for (const row of current) {
    const day = String(row['day']);
    byDay.set(day, [...(byDay.get(day) ?? []), row]);
  }
  return {
    insight: 'revenue-hero',
    range: timeRange(spanOf(days, timeZone), timeZone),
    invoiced: moneyOf(current, 'incl_tax_minor'),
    invoicedExclTax: moneyOf(current, 'excl_tax_minor'),
    invoices: countOf(current),
    previous:
      countOf(previous) === 0
        ? null
        : {
            range: timeRange(spanOf(before, timeZone), timeZone),
            invoiced: moneyOf(previous, 'incl_tax_minor'),
            invoices: countOf(previous),
          },
    series: bucketsOf(spanOf(days, timeZone), 'day', timeZone).map((bucket) => {
      const rows = byDay.get(dayOf(bucket.start, timeZone)) ?? [];
      return {
        ...timeBucket(bucket, now),
        invoiced: moneyOf(rows, 'incl_tax_minor'),
        invoices: countOf(rows),
      };
    }),
  };
}

function spanOf({ from, to }: DaySpan, timeZone: string): { from: number; to: number } {
  return { from: startOfDay(from, timeZone), to: startOfDay(to, timeZone) };
}

function countOf(rows: readonly InvoiceRow[]): number {
  return rows.reduce((sum, row) => sum + Number(row['invoices'] ?? 0), 0);
}

function moneyOf(rows: readonly InvoiceRow[], field: string): readonly Money[] {
  const amounts = rows.map((row) => {
    const currency = String(row['currency']);
    return { amount: fromMinorUnits(BigInt(row[field] ?? 0), currency), currency };
  });
  return sumMoney(amounts);
}
