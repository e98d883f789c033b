import type { Money } from '@tallykit/protocol';

/**
 * The currency in which a widget shows its figures: the wished one where the answer holds it, else the answer's first.
 * Null when the answer holds no amount at all.
 */
export function shownCurrency(amounts: readonly Money[], wished: string | undefined): string | null {
  return amounts.find((money) => money.currency === wished)?.currency ?? amounts[0]?.currency ?? null;
}

/** The amount of one currency; null when there is none, which is not zero. */
export function amountIn(amounts: readonly Money[], currency: string | null): Money | null {
  return amounts.find((money) => money.currency === currency) ?? null;
}

/** The amounts of all other currencies. They are shown beside the first and never added to it. */
export function amountsBeside(amounts: readonly Money[], currency: string | null): readonly Money[] {
  return amounts.filter((money) => money.currency !== currency);
}
