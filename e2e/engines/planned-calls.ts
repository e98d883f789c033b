import type { LlmCallEvent } from '@tallykit/protocol';
import { callAt, type Sent } from './build-events.ts';

/** What a call is known to count and cost, worked out here and not by the code under test. */
export interface PlannedCall {
  readonly event: LlmCallEvent & Sent;
  readonly startedAt: number;
  /** Null when it reported no tokens. */
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  /** In units of 1e-12 USD; null while no price is known. */
  readonly cost: bigint | null;
}

/** Figures of a set of calls, as an answer shows them. */
export interface PlannedTotals {
  readonly calls: number;
  readonly total_tokens: number | null;
  readonly prompt_tokens: number | null;
  readonly completion_tokens: number | null;
  readonly cost: string | null;
  readonly pending_calls: number;
  readonly errors: number;
}

// The catalogue's prices of a million tokens, in 1e-12 USD a token.
const rates = { input: 150_000n, cacheRead: 75_000n, output: 600_000n } as const;

/** A source of numbers from 0 to 1 that gives the same ones every time. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/**
 * Calls spread over a span: of several customers and of none, with and without usage, price and success, each with the
 * figures that they come to.
 */
export function planCalls(
  count: number,
  span: { readonly from: string; readonly to: string },
): readonly PlannedCall[] {
  const random = seeded(count);
  const pick = <Value>(values: readonly Value[]): Value =>
    values[Math.floor(random() * values.length)] as Value;
  const [from, to] = [Date.parse(span.from), Date.parse(span.to)];
  return Array.from({ length: count }, () => {
    const startedAt = Math.floor(from + random() * (to - from));
    const fate = random();
    const usage = {
      input: Math.floor(random() * 5000),
      output: Math.floor(random() * 800),
      ...(random() < 0.3 ? { cacheRead: Math.floor(random() * 3000) } : {}),
    };
    const reports = fate >= 0.08;
    const isPriced = reports && fate >= 0.2;
    const { usage: _usage, ...base } = callAt(startedAt, {
      requestModel: isPriced || !reports ? 'gpt-4o-mini' : 'house-model',
      status: fate < 0.08 ? pick(['aborted', 'error'] as const) : 'ok',
      customerId: pick(['north', 'south', 'west', undefined]),
      flow: pick(['triage', 'answer', 'summarize', undefined]),
      productId: pick(['desk', 'mail', undefined]),
      configuration: pick(['v1', 'v2', undefined]),
      environment: pick(['production', 'staging']),
      conversationId: pick(['c1', 'c2', 'c3', 'c4', undefined]),
    });
    const event = reports ? { ...base, usage } : base;
    return {
      event: JSON.parse(JSON.stringify(event)) as LlmCallEvent & Sent,
      startedAt,
      promptTokens: reports ? usage.input + (usage.cacheRead ?? 0) : null,
      completionTokens: reports ? usage.output : null,
      cost: isPriced
        ? BigInt(usage.input) * rates.input +
          BigInt(usage.cacheRead ?? 0) * rates.cacheRead +
          BigInt(usage.output) * rates.output
        : null,
    };
  });
}

/** An amount in units of 1e-12 as an answer writes it: no more places than it needs. */
export function amountOf(units: bigint): string {
  const digits = String(units).padStart(13, '0');
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`.replace(/\.?0+$/, '');
}

function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}

/** What calls come to. */
export function totalsOfPlan(calls: readonly PlannedCall[]): PlannedTotals {
  const priced = calls.map(({ cost }) => cost).filter((cost) => cost !== null);
  return {
    calls: calls.length,
    total_tokens: sum(calls.flatMap((call) => [call.promptTokens, call.completionTokens])),
    prompt_tokens: sum(calls.map((call) => call.promptTokens)),
    completion_tokens: sum(calls.map((call) => call.completionTokens)),
    cost: priced.length === 0 ? null : amountOf(priced.reduce((total, cost) => total + cost, 0n)),
    pending_calls: calls.length - priced.length,
    errors: calls.filter(({ event }) => event.status === 'error').length,
  };
}

/** Sets of calls by a key. */
export function groupPlan(
  calls: readonly PlannedCall[],
  keyOf: (call: PlannedCall) => string | null,
): ReadonlyMap<string | null, PlannedTotals> {
  const groups = Map.groupBy(calls, keyOf);
  return new Map([...groups].map(([key, members]) => [key, totalsOfPlan(members)]));
}

/** The local hour of an instant, `2027-03-28 03`, by the calendar of the runtime. */
export function localHour(at: number | string, timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    ...({ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit' } as const),
  });
  return format.format(new Date(at));
}

/** The local day of an instant. */
export function localDay(at: number | string, timeZone: string): string {
  return localHour(at, timeZone).slice(0, 10);
}

/** The Monday of a local day's week. */
export function mondayOf(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}
