import * as z from 'zod/mini';

/**
 * An exact decimal as text: up to 26 digits before the point and up to 12 after it, no exponent.
 * Never parse it to a float for arithmetic; `"0.1"` and `"0.10"` are the same amount.
 */
export type DecimalString = string;

/** Checks a {@link DecimalString}. */
export const decimalStringSchema = z.string().check(z.regex(/^-?\d{1,26}(\.\d{1,12})?$/));

/** Checks a {@link DecimalString} of at least 0. */
export const nonNegativeDecimalStringSchema = z.string().check(z.regex(/^\d{1,26}(\.\d{1,12})?$/));

/** Checks an ISO 4217 currency code in capitals. */
export const currencySchema = z.string().check(z.regex(/^[A-Z]{3}$/));

/**
 * An amount in major units of one currency. Amounts of different currencies are never added.
 *
 * @example
 * const price: Money = { amount: '0.000391', currency: 'USD' };
 */
export interface Money {
  readonly amount: DecimalString;
  readonly currency: string;
}

/** Checks {@link Money} in an answer. */
export const moneySchema = z.object({ amount: decimalStringSchema, currency: currencySchema });

/** Which of a call's three amounts a figure shows: by catalogue, by the vendor's contract, or as told to the customer. */
export type AmountBasis = 'list' | 'effective' | 'charge';

/** Checks an {@link AmountBasis}. */
export const amountBasisSchema = z.enum(['list', 'effective', 'charge']);
