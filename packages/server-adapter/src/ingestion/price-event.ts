import type { ChargeRule } from '../pricing/charge-rule.ts';
import { costOfCall } from '../pricing/cost-of-call.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import type { AppendEvent } from '../storage/contract/append.ts';

/**
 * Gives an event its cost. Every final call has one, and every attempt that reports usage; nothing else does.
 *
 * @example
 * const priced = priceEvent(prepared, book, chargeRule);
 */
export function priceEvent(
  prepared: Omit<AppendEvent, 'cost'>,
  book: PriceBook,
  chargeRule: ChargeRule,
): AppendEvent {
  const { event, hash, occurredAt, receivedAt, clockAhead, keyId } = prepared;
  const cost =
    event.kind === 'llm_call' && (event.final || event.usage !== undefined)
      ? costOfCall({ event, usage: event.usage ?? null, occurredAt }, book, chargeRule)
      : null;
  return { event, hash, occurredAt, receivedAt, clockAhead, keyId, cost };
}
