import { usageBuckets, type LlmCallEvent, type TokenUsage } from '@tallykit/protocol';
import { roundExact, writeExact, type ExactAmount } from '../primitives/money.ts';
import { timeOfUuidV7 } from '../primitives/uuid-v7.ts';
import type { CostDraft } from '../storage/contract/append.ts';
import { chargeOf, type ChargeRule } from './charge-rule.ts';
import { costLines } from './cost-lines.ts';
import type { PendingReason } from './pending.ts';
import type { PriceBook } from './price-book.ts';

/** Places that an entry's amounts are rounded to, half-even, once. */
export const costPlaces = 12;

/** Note on a priced entry of 0: the provider refused the call. */
export const notBilled = 'not_billed';

/** A call and the usage that counts for it: its own, or that of a second sighting; null when none was reported. */
export interface CallToPrice {
  readonly event: LlmCallEvent;
  readonly usage: TokenUsage | null;
  /** Unix milliseconds at which the price has to hold; the call's own start unless told. */
  readonly occurredAt?: number | undefined;
}

const largestAmount = 10n ** 38n;

function pending(reason: PendingReason): CostDraft {
  return {
    kind: 'pending',
    reason,
    currency: null,
    list: null,
    effective: null,
    charge: null,
    listPriceId: null,
    effectivePriceId: null,
    lines: [],
  };
}

// The catalogue's currency: a refused call is 0 in any of them.
const refused: CostDraft = {
  kind: 'priced',
  reason: notBilled,
  currency: 'USD',
  list: '0',
  effective: '0',
  charge: '0',
  listPriceId: null,
  effectivePriceId: null,
  lines: [],
};

function reportsSomething(usage: TokenUsage | null): usage is TokenUsage {
  return usage !== null && usageBuckets.some((bucket) => usage[bucket] !== undefined);
}

/**
 * What a call costs, or why that is not known. Never 0 for want of a price: an amount of 0 means that a price or the usage
 * says so, or that the provider refused the call (`not_billed`). Pure and exact; each of the three amounts is rounded
 * half-even to 12 places, once, from the exact sum.
 *
 * @example
 * const draft = costOfCall({ event, usage: event.usage ?? null }, book, { basis: 'list', markup: '0' });
 */
export function costOfCall(call: CallToPrice, book: PriceBook, chargeRule: ChargeRule): CostDraft {
  const { event, usage } = call;
  if (!reportsSomething(usage)) {
    return event.status === 'error' && (event.httpStatus ?? 0) >= 400 ? refused : pending('usage_absent');
  }
  const { list, effective } = book.find(event, call.occurredAt ?? timeOfUuidV7(event.id));
  if (effective.price === null) return pending(effective.missing);
  if (list.price === null) return pending('no_list_price');
  if (list.price.rule?.uncounted || effective.price.rule?.uncounted) return pending('unit_not_counted');
  if (list.price.row.currency !== effective.price.row.currency) return pending('currency');

  const effectiveSum = costLines(usage, effective.price);
  const listSum = list.price === effective.price ? effectiveSum : costLines(usage, list.price);
  if (effectiveSum === null || listSum === null) return pending('no_rate_for_bucket');

  const amounts = { list: listSum.total, effective: effectiveSum.total };
  const round = (amount: ExactAmount): ExactAmount => roundExact(amount, costPlaces);
  const rounded = {
    list: round(amounts.list),
    effective: round(amounts.effective),
    charge: round(chargeOf(chargeRule, amounts)),
  };
  if (Object.values(rounded).some(tooLarge)) return pending('amount_out_of_range');
  return {
    kind: 'priced',
    reason: effective.join ?? list.join,
    currency: effective.price.row.currency,
    list: writeExact(rounded.list),
    effective: writeExact(rounded.effective),
    charge: writeExact(rounded.charge),
    listPriceId: list.price.row.id,
    effectivePriceId: effective.price.row.id,
    lines: effectiveSum.lines,
  };
}

function tooLarge({ units, places }: ExactAmount): boolean {
  const size = units < 0n ? -units : units;
  return size * 10n ** BigInt(costPlaces - places) >= largestAmount;
}
