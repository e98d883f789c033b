import type { Money } from '@tallykit/protocol';
import { compareDecimals, sumMoney } from '../../primitives/money.ts';

type Cells = Readonly<Record<string, string | number | null>>;

/** What a provider reported of one UTC day. */
export interface ReportedDay {
  readonly tokens: number | null;
  readonly requests: number | null;
  readonly cost: readonly Money[];
  readonly lines: number;
  /** Unix milliseconds of the newest report. */
  readonly fetchedAt: number;
}

/** What was captured of one provider on one UTC day. */
export interface CapturedDay {
  readonly tokens: number | null;
  readonly calls: number;
  /** Effective amounts. */
  readonly cost: readonly Money[];
  readonly pendingCalls: number;
  readonly abortedCalls: number;
}

/** One provider on one UTC day: both sides, either of which may be missing. */
export interface ProviderDay {
  readonly provider: string;
  readonly day: string;
  readonly reported: ReportedDay | null;
  readonly captured: CapturedDay | null;
}

/** Puts the rows of both sides together, by provider and then by day. */
export function providerDays(reported: readonly Cells[], captured: readonly Cells[]): readonly ProviderDay[] {
  const days = new Map<string, { provider: string; day: string; reported: Cells[]; captured: Cells[] }>();
  const placeOf = ({ provider, day }: Cells) => {
    const key = JSON.stringify([provider, day]);
    const known = days.get(key) ?? {
      provider: String(provider),
      day: String(day),
      reported: [],
      captured: [],
    };
    days.set(key, known);
    return known;
  };
  for (const row of reported) placeOf(row).reported.push(row);
  for (const row of captured) placeOf(row).captured.push(row);
  return [...days.values()]
    .map(({ provider, day, reported: lines, captured: calls }) => ({
      provider,
      day,
      reported: lines.length === 0 ? null : reportedDay(lines),
      captured: calls.length === 0 ? null : capturedDay(calls),
    }))
    .sort((a, b) => compareText(a.provider, b.provider) || compareText(a.day, b.day));
}

function reportedDay(rows: readonly Cells[]): ReportedDay {
  return {
    tokens: sumOrNull(rows, 'tokens'),
    requests: sumOrNull(rows, 'requests'),
    cost: moneyOf(rows, 'cost'),
    lines: sumOrNull(rows, 'lines') ?? 0,
    fetchedAt: Math.max(...rows.map((row) => Number(row['fetched_at']))),
  };
}

function capturedDay(rows: readonly Cells[]): CapturedDay {
  return {
    tokens: sumOrNull(rows, 'total_tokens'),
    calls: sumOrNull(rows, 'calls') ?? 0,
    cost: moneyOf(rows, 'effective_amount'),
    pendingCalls: sumOrNull(rows, 'pending_calls') ?? 0,
    abortedCalls: sumOrNull(rows, 'aborted_calls') ?? 0,
  };
}

function sumOrNull(rows: readonly Cells[], field: string): number | null {
  const known = rows.map((row) => row[field]).filter((value) => typeof value === 'number');
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

// A currency that re-pricing left with nothing says nothing about the day.
function moneyOf(rows: readonly Cells[], field: string): readonly Money[] {
  const sums = sumMoney(
    rows.flatMap((row): readonly Money[] => {
      const amount = row[field];
      const currency = row['currency'];
      return typeof amount === 'string' && typeof currency === 'string' ? [{ amount, currency }] : [];
    }),
  );
  const some = sums.filter(({ amount }) => compareDecimals(amount, '0') !== 0);
  return some.length > 0 ? some : sums;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
