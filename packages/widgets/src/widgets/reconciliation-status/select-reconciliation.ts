import type {
  Freshness,
  Money,
  ReconciliationDay,
  ReconciliationState,
  ReconciliationStatus,
  TimeRange,
} from '@tallykit/protocol';
import { amountIn, amountsBeside, shownCurrency } from '../../format/amount-in.ts';
import type { WidgetState } from '../../states/widget-state.ts';

/** One provider on one day. */
export interface ReconciliationCell {
  readonly day: string;
  readonly state: ReconciliationState;
  /** Part of what the provider reported that was captured, 0 to 1; null when unknown. */
  readonly coverage: number | null;
  readonly reported: Money | null;
  readonly captured: Money | null;
  /** What is left unexplained; null when it is not known or not for this reader. */
  readonly unexplained: Money | null;
  /** Likely reasons, by code. */
  readonly reasons: readonly string[];
}

/** One provider over the period. */
export interface ReconciliationRow {
  /** Null where the host does not show names of providers. */
  readonly provider: string | null;
  readonly fetchedAt: string | null;
  /** One for each day of the picture, in their order. */
  readonly cells: readonly ReconciliationCell[];
}

/** What the reconciliation card draws. */
export interface ReconciliationPicture {
  /** Customers see state, period and coverage; operators see amounts and the grid. */
  readonly form: 'operator' | 'customer';
  readonly range: TimeRange;
  readonly freshness: Pick<Freshness, 'asOf' | 'cadence'>;
  readonly state: ReconciliationState;
  /** A calendar day, or null. */
  readonly matchedThrough: string | null;
  readonly coverage: number | null;
  readonly reported: Money | null;
  readonly unexplained: Money | null;
  /** Unexplained amounts in further currencies, never added up. */
  readonly unexplainedBeside: readonly Money[];
  /** Captured calls whose cost is not known yet. */
  readonly pendingCalls: number;
  /** When the oldest of the newest reports was read; null when none was. */
  readonly reportsReadAt: string | null;
  readonly days: readonly string[];
  readonly rows: readonly ReconciliationRow[];
  readonly counts: readonly { readonly state: ReconciliationState; readonly days: number }[];
  /** Days at the end that may still change; null when there are none. */
  readonly provisional: { readonly first: string; readonly last: string; readonly count: number } | null;
}

function cell(
  found: ReconciliationDay | undefined,
  day: string,
  currency: string | null,
): ReconciliationCell {
  return {
    day,
    state: found?.state ?? 'waiting',
    coverage: found?.coverage ?? null,
    reported: amountIn(found?.reported?.cost ?? [], currency),
    captured: amountIn(found?.captured?.cost ?? [], currency),
    unexplained: amountIn(found?.residual?.cost ?? [], currency),
    reasons: found?.residual?.reasons ?? [],
  };
}

function provisionalDays(answer: ReconciliationStatus): ReconciliationPicture['provisional'] {
  const unsettled = answer.providers.flatMap((provider) =>
    provider.days
      .filter((day) => day.state === 'provisional' || day.state === 'waiting')
      .map((day) => day.day),
  );
  const days = [...new Set(unsettled)].sort();
  const [first] = days;
  const last = days.at(-1);
  return first === undefined || last === undefined ? null : { first, last, count: days.length };
}

function pendingCalls(answer: ReconciliationStatus): number {
  const captured = answer.providers.flatMap((provider) =>
    provider.days.map((day) => day.captured?.pendingCalls ?? 0),
  );
  return captured.reduce((sum, calls) => sum + calls, 0);
}

function picture(answer: ReconciliationStatus, wished: string | undefined): ReconciliationPicture {
  const reported = answer.totals?.reported ?? [];
  const unexplained = answer.totals?.unexplained ?? [];
  const currency = shownCurrency(reported, wished);
  const days = [
    ...new Set(answer.providers.flatMap((provider) => provider.days.map((day) => day.day))),
  ].sort();
  const read = answer.providers.flatMap((provider) => provider.fetchedAt ?? []).sort();
  return {
    form: answer.scope.visibility,
    range: answer.range,
    freshness: answer.freshness,
    state: answer.state,
    matchedThrough: answer.matchedThrough,
    coverage: answer.coverage,
    reported: amountIn(reported, currency),
    unexplained: amountIn(unexplained, currency),
    unexplainedBeside: amountsBeside(unexplained, currency),
    pendingCalls: pendingCalls(answer),
    reportsReadAt: read[0] ?? null,
    days,
    rows: answer.providers.map((provider) => {
      const byDay = new Map(provider.days.map((day) => [day.day, day]));
      return {
        provider: provider.provider,
        fetchedAt: provider.fetchedAt,
        cells: days.map((day) => cell(byDay.get(day), day, currency)),
      };
    }),
    counts: answer.counts.filter((count) => count.days > 0),
    provisional: provisionalDays(answer),
  };
}

/**
 * Turns the server's answer into what the card shows.
 *
 * @param currency to show first; default: the first of the answer.
 *
 * @example
 * const state = selectReconciliation(await client.insights.get('reconciliation-status'));
 */
export function selectReconciliation(
  answer: ReconciliationStatus,
  currency?: string,
): WidgetState<ReconciliationPicture> {
  if (answer.state === 'not_configured') return { name: 'not_configured' };
  const drawn = picture(answer, currency);
  // Nothing but waiting: no report and no call to compare. A state made of that would claim knowledge.
  const nothing = drawn.rows.every((row) => row.cells.every((cell) => cell.state === 'waiting'));
  if (nothing && drawn.coverage === null) return { name: 'empty', picture: drawn };
  const amountsMissing = drawn.form === 'operator' && answer.totals === undefined;
  if (amountsMissing && answer.freshness.withheld.length > 0) return { name: 'withheld', picture: drawn };
  return { name: drawn.pendingCalls > 0 ? 'partial' : 'ready', picture: drawn };
}
