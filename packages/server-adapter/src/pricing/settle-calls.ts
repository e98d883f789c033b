import type { Money, SettleAnswer } from '@tallykit/protocol';
import { subtractDecimals, sumMoney } from '../primitives/money.ts';
import type { CostDraft, CostReviewQuery, CostRevision, PricedCall } from '../storage/contract/append.ts';
import { costOfCall } from './cost-of-call.ts';
import type { PriceBook } from './price-book.ts';
import { currentBook, type PricingContext } from './pricing-context.ts';

/** Which calls to price anew, and whether to write what comes out. */
export interface SettleScope extends Omit<CostReviewQuery, 'after' | 'limit'> {
  readonly dryRun: boolean;
}

const pageSize = 1000;
// Each attempt reads the prices again; more changes than this in the time of one page would be a fault elsewhere.
const attempts = 20;

interface Tally {
  examined: number;
  settled: number;
  repriced: number;
  unchanged: number;
  readonly stillPending: Map<string, number>;
  readonly difference: Money[];
}

function sameCost(a: CostDraft, b: CostDraft): boolean {
  return (
    a.kind === b.kind &&
    a.currency === b.currency &&
    a.list === b.list &&
    a.effective === b.effective &&
    a.charge === b.charge &&
    a.listPriceId === b.listPriceId &&
    a.effectivePriceId === b.effectivePriceId
  );
}

function revisionOf(call: PricedCall, book: PriceBook, context: PricingContext): CostRevision | null {
  const { event, usage, occurredAt, current, eventId } = call;
  if (event.kind !== 'llm_call') return null;
  const next = costOfCall({ event, usage, occurredAt }, book, context.chargeRule);
  return { eventId, expected: current, next };
}

// A call may go on waiting, for something else than before: that is written, but no cost has changed.
const staysPending = ({ expected, next }: CostRevision): boolean =>
  expected.kind === 'pending' && next.kind === 'pending';

function isDue(revision: CostRevision): boolean {
  const { expected, next } = revision;
  return staysPending(revision) ? expected.reason !== next.reason : !sameCost(expected, next);
}

function count(tally: Tally, revisions: readonly CostRevision[]): void {
  for (const revision of revisions) {
    const { expected, next } = revision;
    tally.examined += 1;
    if (next.kind === 'pending') {
      const reason = next.reason ?? 'unknown';
      tally.stillPending.set(reason, (tally.stillPending.get(reason) ?? 0) + 1);
    }
    if (!isDue(revision) || staysPending(revision)) {
      tally.unchanged += 1;
      continue;
    }
    if (expected.kind === 'pending') tally.settled += 1;
    else tally.repriced += 1;
    if (next.effective !== null && next.currency !== null) {
      tally.difference.push({ amount: next.effective, currency: next.currency });
    }
    if (expected.effective !== null && expected.currency !== null) {
      tally.difference.push({
        amount: subtractDecimals('0', expected.effective),
        currency: expected.currency,
      });
    }
  }
}

async function settlePage(
  context: PricingContext,
  calls: readonly PricedCall[],
  dryRun: boolean,
): Promise<readonly CostRevision[]> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const book = await currentBook(context);
    const revisions = calls
      .map((call) => revisionOf(call, book, context))
      .filter((revision) => revision !== null);
    const due = revisions.filter(isDue);
    if (dryRun || due.length === 0) return revisions;
    const { status } = await context.store.reviseCosts(due, book.version);
    if (status === 'appended') return revisions;
  }
  throw new Error(
    `Prices changed ${attempts} times while a page of calls was being priced, so it was left as it is. Ask again when they have come to rest.`,
  );
}

/**
 * Prices calls of the log anew: a pending call that has a price now is settled, a priced one whose cost differs is reversed
 * and priced again, at the prices of its own time. What another process settles meanwhile is left alone.
 *
 * @example
 * const answer = await settleCalls(context, { calls: 'pending', from: null, to: null, provider: null, model: null, dryRun: true });
 */
export async function settleCalls(context: PricingContext, scope: SettleScope): Promise<SettleAnswer> {
  const { dryRun, ...query } = scope;
  const tally: Tally = {
    examined: 0,
    settled: 0,
    repriced: 0,
    unchanged: 0,
    stillPending: new Map(),
    difference: [],
  };
  let after: string | null = null;
  for (;;) {
    const calls: readonly PricedCall[] = await context.store.callsForReview({
      ...query,
      after,
      limit: pageSize,
    });
    count(tally, await settlePage(context, calls, dryRun));
    tally.difference.splice(0, Infinity, ...sumMoney(tally.difference));
    after = calls.at(-1)?.eventId ?? null;
    if (calls.length < pageSize || after === null) break;
  }
  return {
    dryRun,
    examined: tally.examined,
    settled: tally.settled,
    repriced: tally.repriced,
    unchanged: tally.unchanged,
    stillPending: [...tally.stillPending]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([reason, calls]) => ({ reason, calls })),
    difference: tally.difference.filter(({ amount }) => amount !== '0'),
  };
}
