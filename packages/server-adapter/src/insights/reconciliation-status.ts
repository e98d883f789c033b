import type { Money, ReconciliationProvider, ReconciliationStatus } from '@tallykit/protocol';
import { freshnessOf, instant, timeRange } from '../datasets/freshness.ts';
import type { Span } from '../datasets/question.ts';
import type { Asker, ReconciliationReading } from '../datasets/run-query.ts';
import { compareDecimals, divideToNumber, sumMoney } from '../primitives/money.ts';
import { askedRange, bucketsOf, widenRange } from './insight-range.ts';
import { matchDay, type MatchedDay } from './matching/match-day.ts';
import { providerDays, type ProviderDay } from './matching/provider-day.ts';
import { countStates, matchedThrough, stateOfAll } from './matching/state-of-all.ts';
import type { InsightParameters } from './read-parameters.ts';

/** Who looks at it, and when. */
export interface ReconciliationFrame {
  readonly range: Span;
  readonly now: number;
  readonly visibility: Asker['visibility'];
  readonly showProviders: boolean;
}

const figures = ['reported', 'captured', 'residual', 'totals'] as const;

/**
 * Answers `reconciliation-status`: what providers report beside what was captured, by UTC day. A provider's report is
 * about the whole organization, so a customer learns the state of the days and providers of its own calls, and no amounts.
 */
export async function answerReconciliationStatus(
  asker: Asker,
  parameters: InsightParameters,
): Promise<ReconciliationStatus> {
  const context = { timeZone: 'UTC', now: asker.now, defaultDays: 14 };
  const range = widenRange(askedRange(parameters, context), 'day', context);
  const buckets = bucketsOf(range, 'day', 'UTC');
  const reading = await asker.reconciliation(range);
  const showProviders = asker.sees('provider_name');
  const shaped = shapeReconciliationStatus(reading, {
    range,
    now: asker.now,
    visibility: asker.visibility,
    showProviders,
  });
  return {
    ...shaped,
    scope: asker.scope,
    freshness: freshnessOf({
      asker,
      cadence: 'daily',
      readings: [reading],
      pending: asker.visibility === 'operator' ? pendingOf(reading) : undefined,
      buckets,
      withheld: [...(asker.visibility === 'operator' ? [] : figures), ...(showProviders ? [] : ['provider'])],
    }),
  };
}

interface JudgedDay extends ProviderDay {
  readonly matched: MatchedDay;
}

/** Makes the figures from rows. */
export function shapeReconciliationStatus(
  reading: Omit<ReconciliationReading, 'asOf' | 'withheld'>,
  { range, now, visibility, showProviders }: ReconciliationFrame,
): Omit<ReconciliationStatus, 'scope' | 'freshness'> {
  const { everReported, concerns } = reading;
  const days = providerDays(reading.reported, reading.captured)
    .filter(({ provider, day }) => concerns === null || concerns.has(`${day} ${provider}`))
    .map((day): JudgedDay => {
      return { ...day, matched: matchDay(day, { now, report: everReported.get(day.provider) ?? null }) };
    });
  const states = days.map(({ provider, day, matched }) => ({ provider, day, state: matched.state }));
  const providers = [...new Set(days.map(({ provider }) => provider))];
  const forOperator = visibility === 'operator';
  // Amounts are those of the whole organization; beside one customer's name they would be taken for its own.
  const withAmounts = forOperator && concerns === null;
  return {
    insight: 'reconciliation-status',
    range: timeRange(range, 'UTC'),
    state: stateOfAll(states, everReported.size > 0),
    // Days before a provider's first report could not be matched, and are no reason to doubt the later ones.
    matchedThrough: matchedThrough(
      states.filter(({ provider, state }) => state !== 'not_configured' || !everReported.has(provider)),
    ),
    coverage: shown(coverageOfAll(days), forOperator),
    ...(withAmounts ? { totals: totalsOf(days) } : {}),
    providers: providers.map((provider): ReconciliationProvider => {
      const fetchedAt = everReported.get(provider)?.fetchedAt;
      return {
        provider: showProviders ? provider : null,
        fetchedAt: fetchedAt === undefined ? null : instant(fetchedAt),
        days: days
          .filter((day) => day.provider === provider)
          .map((day) => ({
            day: day.day,
            state: day.matched.state,
            coverage: shown(day.matched.coverage, forOperator),
            ...(withAmounts ? amountsOf(day) : {}),
          })),
      };
    }),
    counts: countStates(states),
  };
}

// To whoever may not see amounts, whole percents are enough to judge by and too coarse to compute back from.
function shown(coverage: number | null, exactly: boolean): number | null {
  return coverage === null || exactly ? coverage : Math.floor(coverage * 100) / 100;
}

function amountsOf({ reported, captured, matched }: JudgedDay) {
  return {
    ...(reported === null
      ? {}
      : { reported: { tokens: reported.tokens, requests: reported.requests, cost: reported.cost } }),
    captured: {
      tokens: captured?.tokens ?? null,
      calls: captured?.calls ?? 0,
      cost: captured?.cost ?? [],
      pendingCalls: captured?.pendingCalls ?? 0,
    },
    residual: matched.residual,
  };
}

function totalsOf(days: readonly JudgedDay[]): NonNullable<ReconciliationStatus['totals']> {
  const open = days.filter(({ matched }) => matched.state === 'variance' || matched.state === 'unallocated');
  return {
    reported: sumMoney(days.flatMap(({ reported }) => reported?.cost ?? [])),
    captured: sumMoney(days.flatMap(({ captured }) => captured?.cost ?? [])),
    unexplained: sumMoney(open.flatMap(({ matched }) => matched.residual.cost)),
  };
}

// What is captured beyond a day's report does not make up for what is missing on another day.
function coverageOfAll(days: readonly JudgedDay[]): number | null {
  const reported = days.filter((day) => day.reported !== null);
  const stated = sumMoney(reported.flatMap((day) => day.reported?.cost ?? []));
  const [only, ...others] = stated.filter(({ amount }) => compareDecimals(amount, '0') > 0);
  if (only !== undefined && others.length === 0) {
    const covered = sumMoney(
      reported.map(({ reported: lines, captured }) => ({
        amount: lesser(amountIn(lines?.cost, only.currency), amountIn(captured?.cost, only.currency)),
        currency: only.currency,
      })),
    );
    return divideToNumber(amountIn(covered, only.currency), only.amount);
  }
  const tokens = reported.reduce((sum, day) => sum + (day.reported?.tokens ?? 0), 0);
  const ours = reported.reduce(
    (sum, day) => sum + Math.min(day.reported?.tokens ?? 0, day.captured?.tokens ?? 0),
    0,
  );
  return only === undefined && tokens > 0 ? ours / tokens : null;
}

function amountIn(amounts: readonly Money[] | undefined, currency: string): string {
  return amounts?.find((money) => money.currency === currency)?.amount ?? '0';
}

function lesser(a: string, b: string): string {
  const least = compareDecimals(a, b) < 0 ? a : b;
  return compareDecimals(least, '0') < 0 ? '0' : least;
}

function pendingOf({ captured }: Pick<ReconciliationReading, 'captured'>) {
  const calls = captured.reduce((sum, row) => sum + Number(row['pending_calls'] ?? 0), 0);
  return { calls, tokens: null };
}
