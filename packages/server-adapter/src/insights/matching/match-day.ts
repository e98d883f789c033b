import type { Money, ReconciliationState } from '@tallykit/protocol';
import { compareDecimals, divideToNumber, multiplyDecimals } from '../../primitives/money.ts';
import { compareAmounts, compareCounts, residualMoney, type Comparison } from './compare-quantities.ts';
import type { CapturedDay, ProviderDay, ReportedDay } from './provider-day.ts';
import { reportTimingOf, type ReportTiming } from './provider-report-timing.ts';

/** Likely reasons for what is left between a provider's report and what was captured. */
export type ResidualReason =
  | 'bypass_traffic'
  | 'aborted_streams'
  | 'unknown_price'
  | 'tier_or_batch'
  | 'tools_or_code'
  | 'rounding'
  | 'boundary';

/** What became of one provider's UTC day. */
export interface MatchedDay {
  readonly state: ReconciliationState;
  /** Part of what the provider reported that our calls account for, 0 to 1; null when unknown. */
  readonly coverage: number | null;
  readonly residual: {
    readonly tokens: number | null;
    readonly cost: readonly Money[];
    readonly reasons: readonly ResidualReason[];
  };
}

/** What else the state of a day depends on. */
export interface MatchContext {
  /** Unix milliseconds. */
  readonly now: number;
  /** First day of all the lines that the provider ever gave, and when they were last read; null when it gave none. */
  readonly report: { readonly firstDay: string; readonly fetchedAt: number } | null;
}

const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** A discount for batches and slow tiers halves a price, a priority tier multiplies it by up to two and a half. */
const tierFactors = { least: 0.45, most: 2.6 };
/** Calls near midnight are counted on one day here and on the next one there. */
const boundaryShare = 0.02;

/**
 * Decides the state of one provider's UTC day. The rules, the first that holds:
 *
 * 1. `not_configured`: the provider never reported anything, or its reports begin later.
 * 2. Without lines: `waiting` until the provider's lag has passed and its report was read after that; then calls of which
 *    it reports nothing are a `variance`.
 * 3. `unallocated`: lines of a closed day without a single call.
 * 4. `provisional`: the provider may still restate the day.
 * 5. `matched`: quantities and money are equal, each to 0.5 % or to what rounding explains; one of them may be unknown.
 * 6. `matched_with_adjustment`: quantities are equal, and the money differs by what pending or aborted calls, or another
 *    tier, can explain.
 * 7. `variance`: anything else.
 */
export function matchDay(
  { provider, day, reported, captured }: ProviderDay,
  context: MatchContext,
): MatchedDay {
  const { now, report } = context;
  if (report === null || day < report.firstDay) {
    return { state: 'not_configured', coverage: null, residual: nothingLeft };
  }
  const timing = reportTimingOf(provider);
  const dayEnd = Date.parse(`${day}T00:00:00Z`) + dayMs;
  if (reported === null) {
    const expectedAt = dayEnd + timing.lagHours * hourMs;
    return now < expectedAt || report.fetchedAt < expectedAt
      ? { state: 'waiting', coverage: null, residual: nothingLeft }
      : { state: 'variance', coverage: null, residual: residualOf(null, captured, ['boundary']) };
  }
  const compared = compareDay(reported, captured, timing);
  const state = stateOf(compared, {
    closed: now >= dayEnd,
    settled: now >= dayEnd + timing.restatedDays * dayMs,
  });
  const equal = state === 'matched' || (state === 'provisional' && isMatched(compared));
  return {
    state,
    coverage: coverageOf(reported, captured),
    residual: residualOf(reported, captured, equal ? roundingOnly(compared) : reasonsFor(compared)),
  };
}

const nothingLeft = { tokens: null, cost: [], reasons: [] } as const;

interface ComparedDay {
  readonly reported: ReportedDay;
  readonly captured: CapturedDay | null;
  readonly quantities: Comparison;
  readonly money: Comparison;
}

function compareDay(reported: ReportedDay, captured: CapturedDay | null, timing: ReportTiming): ComparedDay {
  const tokens = compareCounts(reported.tokens, captured?.tokens ?? 0);
  return {
    reported,
    captured,
    quantities: tokens === 'unknown' ? compareCounts(reported.requests, captured?.calls ?? 0) : tokens,
    money: compareMoney(reported, captured?.cost ?? [], timing),
  };
}

function compareMoney(
  { cost, lines }: ReportedDay,
  captured: readonly Money[],
  { places }: ReportTiming,
): Comparison {
  if (cost.length === 0) return 'unknown';
  const currencies = new Set([...cost, ...captured].map(({ currency }) => currency));
  const results = [...currencies].map((currency) => {
    const reported = amountIn(cost, currency);
    return compareAmounts(reported, amountIn(captured, currency), roundingSlack(reported, places, lines));
  });
  return results.find((result) => result !== 'equal') ?? 'equal';
}

// Half a unit of the last place for each line. An amount with more places than the provider is known for was not rounded.
function roundingSlack(reported: string, places: number, lines: number): string {
  const stated = reported.split('.')[1]?.length ?? 0;
  return multiplyDecimals(`0.${'0'.repeat(Math.max(places, stated))}5`, String(lines));
}

function amountIn(amounts: readonly Money[], currency: string): string {
  return amounts.find((money) => money.currency === currency)?.amount ?? '0';
}

function stateOf(
  compared: ComparedDay,
  { closed, settled }: { readonly closed: boolean; readonly settled: boolean },
): ReconciliationState {
  const { captured } = compared;
  if (captured === null || captured.calls === 0) {
    if (isNothing(compared.reported)) return 'matched';
    if (captured === null || (captured.tokens ?? 0) === 0) return closed ? 'unallocated' : 'provisional';
  }
  if (!settled) return 'provisional';
  if (isMatched(compared)) return 'matched';
  return compared.quantities === 'equal' && isExplained(compared) ? 'matched_with_adjustment' : 'variance';
}

function isNothing({ tokens, requests, cost }: ReportedDay): boolean {
  return (
    (tokens ?? 0) === 0 &&
    (requests ?? 0) === 0 &&
    cost.every(({ amount }) => compareDecimals(amount, '0') === 0)
  );
}

function isMatched({ quantities, money }: ComparedDay): boolean {
  const known = [quantities, money].filter((comparison) => comparison !== 'unknown');
  return known.length > 0 && known.every((comparison) => comparison === 'equal');
}

// Whether something that is known can be the cause of a difference in money alone.
function isExplained(compared: ComparedDay): boolean {
  const { captured, money } = compared;
  const missing = money === 'reported_more';
  if (missing && captured !== null && captured.pendingCalls + captured.abortedCalls > 0) return true;
  return isTierGap(compared);
}

function isTierGap({ reported, captured, quantities, money }: ComparedDay): boolean {
  if (quantities !== 'equal' || captured === null || money === 'equal' || money === 'unknown') return false;
  return reported.cost.every(({ amount, currency }) => {
    const factor = divideToNumber(amount, amountIn(captured.cost, currency));
    return factor !== null && factor >= tierFactors.least && factor <= tierFactors.most;
  });
}

function reasonsFor(compared: ComparedDay): readonly ResidualReason[] {
  const { reported, captured, quantities, money } = compared;
  const missing = quantities === 'reported_more' || money === 'reported_more';
  const reasons = new Set<ResidualReason>();
  if (captured !== null && captured.pendingCalls > 0 && money === 'reported_more')
    reasons.add('unknown_price');
  if (captured !== null && captured.abortedCalls > 0 && missing) reasons.add('aborted_streams');
  if (isTierGap(compared)) reasons.add('tier_or_batch');
  if (quantities === 'reported_more') reasons.add(isSmall(compared) ? 'boundary' : 'bypass_traffic');
  if (quantities === 'captured_more') reasons.add('boundary');
  if (quantities === 'unknown' && missing) {
    if (reported.tokens === null) reasons.add('tools_or_code');
    if (captured === null) reasons.add('bypass_traffic');
  }
  return [...reasons];
}

function isSmall({ reported, captured }: ComparedDay): boolean {
  const all = reported.tokens ?? reported.requests ?? 0;
  const ours = reported.tokens === null ? (captured?.calls ?? 0) : (captured?.tokens ?? 0);
  return captured !== null && Math.abs(all - ours) <= all * boundaryShare;
}

function roundingOnly({ reported, captured, money }: ComparedDay): readonly ResidualReason[] {
  return money === 'equal' && residualMoney(reported.cost, captured?.cost ?? []).length > 0
    ? ['rounding']
    : [];
}

function residualOf(
  reported: ReportedDay | null,
  captured: CapturedDay | null,
  reasons: readonly ResidualReason[],
): MatchedDay['residual'] {
  const stated = reported !== null && reported.cost.length === 0 ? null : (reported?.cost ?? []);
  return {
    tokens: reported?.tokens == null ? null : reported.tokens - (captured?.tokens ?? 0),
    cost: stated === null ? [] : residualMoney(stated, captured?.cost ?? []),
    reasons,
  };
}

function coverageOf(reported: ReportedDay, captured: CapturedDay | null): number | null {
  const [cost, ...others] = reported.cost;
  if (cost !== undefined && others.length === 0 && compareDecimals(cost.amount, '0') > 0) {
    return part(divideToNumber(amountIn(captured?.cost ?? [], cost.currency), cost.amount));
  }
  if (reported.tokens !== null && reported.tokens > 0) return part((captured?.tokens ?? 0) / reported.tokens);
  if (reported.requests !== null && reported.requests > 0)
    return part((captured?.calls ?? 0) / reported.requests);
  return null;
}

function part(ratio: number | null): number | null {
  return ratio === null ? null : Math.max(0, Math.min(1, ratio));
}
