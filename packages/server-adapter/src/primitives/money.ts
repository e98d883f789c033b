import type { Money } from '@tallykit/protocol';
import { Decimal as DecimalLibrary } from 'decimal.js';
import { minorUnitPlaces } from './currency-minor-units.ts';

// Sums and products of the amounts that the wire allows stay far below these digits, so they are never rounded.
const Decimal = DecimalLibrary.clone({ precision: 400, rounding: DecimalLibrary.ROUND_HALF_EVEN });
const Quotient = DecimalLibrary.clone({ precision: 80, rounding: DecimalLibrary.ROUND_HALF_EVEN });

/** Places that a quotient without an end is kept to. An entry is rounded to 12, so the rest never shows. */
const quotientPlaces = 30;

const canonical = /^(?:0|-?[1-9]\d*|-?(?:0|[1-9]\d*)\.\d*[1-9])$/;
const decimalText = /^-?\d+(?:\.\d+)?$/;

function decimal(text: string): DecimalLibrary {
  if (!decimalText.test(text)) {
    throw new RangeError(
      `"${text}" is not a decimal, so it cannot be an amount. Write digits with a point and without an exponent.`,
    );
  }
  return new Decimal(text);
}

function shortest(value: DecimalLibrary): string {
  return value.isZero() ? '0' : value.toFixed();
}

/**
 * The one shortest way to write a decimal: no exponent, no trailing zeros, `0` and never `-0`.
 * Throws a `RangeError` for anything but digits with an optional sign and point.
 *
 * @example
 * normalizeDecimal('0.10'); // '0.1'
 */
export function normalizeDecimal(text: string): string {
  return canonical.test(text) ? text : shortest(decimal(text));
}

/**
 * The decimal that a float's shortest text shows, rounded half-even to `places` (12 unless told): what somebody who wrote
 * 0.075 into a table meant. Throws a `RangeError` for what is not finite.
 *
 * @example
 * decimalOfNumber(0.18000000000000002); // '0.18'
 */
export function decimalOfNumber(value: number, places = 12): string {
  if (!Number.isFinite(value)) {
    throw new RangeError(`${value} is not an amount. Pass a finite number.`);
  }
  return shortest(new Decimal(String(value)).toDecimalPlaces(places, Decimal.ROUND_HALF_EVEN));
}

/**
 * Exact sum.
 *
 * @example
 * addDecimals('0.1', '0.2'); // '0.3'
 */
export function addDecimals(a: string, b: string): string {
  return shortest(decimal(a).plus(decimal(b)));
}

/**
 * Exact difference.
 *
 * @example
 * subtractDecimals('0.3', '0.1'); // '0.2'
 */
export function subtractDecimals(a: string, b: string): string {
  return shortest(decimal(a).minus(decimal(b)));
}

/**
 * Exact product.
 *
 * @example
 * multiplyDecimals('0.02', '1.15'); // '0.023'
 */
export function multiplyDecimals(a: string, b: string): string {
  return shortest(decimal(a).times(decimal(b)));
}

/**
 * What `quantity` units cost where `per` units cost `rate`: exact, where the quotient ends; otherwise kept to 30 places.
 * `quantity` and `per` are safe integers, `per` above 0.
 *
 * @example
 * costOfQuantity(1500, '0.15', 1_000_000); // '0.000225'
 */
export function costOfQuantity(quantity: number, rate: string, per: number): string {
  if (!Number.isSafeInteger(quantity) || !Number.isSafeInteger(per) || per <= 0) {
    throw new RangeError(
      `${quantity} units at a price for ${per} cannot be priced exactly. Both must be whole numbers, the second above 0.`,
    );
  }
  const product = decimal(rate).times(quantity);
  return shortest(new Quotient(product).dividedBy(per).toDecimalPlaces(quotientPlaces));
}

/**
 * Rounds to `places` after the point; a tie goes to the even digit.
 *
 * @example
 * roundDecimal('0.125', 2); // '0.12'
 */
export function roundDecimal(text: string, places: number): string {
  return shortest(decimal(text).toDecimalPlaces(places, Decimal.ROUND_HALF_EVEN));
}

/**
 * -1 when `a` is less than `b`, 1 when it is more, 0 when they are the same amount.
 *
 * @example
 * compareDecimals('0.1', '0.10'); // 0
 */
export function compareDecimals(a: string, b: string): -1 | 0 | 1 {
  const order = decimal(a).comparedTo(decimal(b));
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

/**
 * A ratio to show, not to compute money with: a float, or null where `b` is 0.
 *
 * @example
 * divideToNumber('1', '4'); // 0.25
 */
export function divideToNumber(a: string, b: string): number | null {
  const divisor = new Quotient(decimal(b));
  return divisor.isZero() ? null : new Quotient(decimal(a)).dividedBy(divisor).toNumber();
}

/**
 * Major units of an amount in a currency's minor units (cents, where it has cents).
 *
 * @example
 * fromMinorUnits(1050, 'USD'); // '10.5'
 * fromMinorUnits(1050, 'JPY'); // '1050'
 */
export function fromMinorUnits(minor: number | bigint, currency: string): string {
  if (typeof minor === 'number' && !Number.isSafeInteger(minor)) {
    throw new RangeError(
      `${minor} is not a whole number of minor units that can be held exactly. Send an integer.`,
    );
  }
  return shortest(decimal(String(minor)).times(`1e-${minorUnitPlaces(currency)}`));
}

/**
 * Adds amounts, each currency by itself: one sum a currency, by ascending code.
 *
 * @example
 * sumMoney([{ amount: '1', currency: 'USD' }, { amount: '2', currency: 'EUR' }, { amount: '3', currency: 'USD' }]);
 * // [{ amount: '2', currency: 'EUR' }, { amount: '4', currency: 'USD' }]
 */
export function sumMoney(amounts: readonly Money[]): Money[] {
  const sums = new Map<string, DecimalLibrary>();
  for (const { amount, currency } of amounts) {
    sums.set(currency, (sums.get(currency) ?? new Decimal(0)).plus(decimal(amount)));
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, sum]) => ({ amount: shortest(sum), currency }));
}

/**
 * An exact amount for the hot path of pricing: `units` of `10 ** -places`. About twenty times as fast as decimal text,
 * to the same last digit.
 */
export interface ExactAmount {
  readonly units: bigint;
  readonly places: number;
}

/** A price of `per` units, prepared for many quantities. */
export interface ExactRate {
  readonly rate: string;
  readonly per: number;
  /** Cost of one unit; null where the quotient has no end, so that the product has to be divided. */
  readonly one: ExactAmount | null;
}

/**
 * Reads a decimal text as an exact amount.
 *
 * @example
 * exactAmount('0.15'); // { units: 15n, places: 2 }
 */
export function exactAmount(text: string): ExactAmount {
  const shortestText = normalizeDecimal(text);
  const point = shortestText.indexOf('.');
  if (point === -1) return { units: BigInt(shortestText), places: 0 };
  const digits = shortestText.slice(0, point) + shortestText.slice(point + 1);
  return { units: BigInt(digits), places: shortestText.length - point - 1 };
}

/**
 * Prepares a price of `per` units.
 *
 * @example
 * const rate = exactRate('0.15', 1_000_000);
 * writeExact(costAtRate(1500, rate)); // '0.000225'
 */
export function exactRate(rate: string, per: number): ExactRate {
  const one = costOfQuantity(1, rate, per);
  // Thirty places is where an endless quotient was cut; one that ends there by itself is merely slower.
  const endless = (one.split('.')[1] ?? '').length >= quotientPlaces;
  return { rate: normalizeDecimal(rate), per, one: endless ? null : exactAmount(one) };
}

/**
 * What `quantity` units cost: the same amount as {@link costOfQuantity}.
 *
 * @example
 * costAtRate(1500, exactRate('0.15', 1_000_000));
 */
export function costAtRate(quantity: number, rate: ExactRate): ExactAmount {
  if (rate.one === null) return exactAmount(costOfQuantity(quantity, rate.rate, rate.per));
  return { units: BigInt(quantity) * rate.one.units, places: rate.one.places };
}

/**
 * Exact sum; 0 of no amounts.
 *
 * @example
 * writeExact(sumExact([exactAmount('0.1'), exactAmount('0.25')])); // '0.35'
 */
export function sumExact(amounts: readonly ExactAmount[]): ExactAmount {
  let places = 0;
  for (const amount of amounts) if (amount.places > places) places = amount.places;
  let units = 0n;
  for (const amount of amounts) {
    units += amount.places === places ? amount.units : amount.units * 10n ** BigInt(places - amount.places);
  }
  return { units, places };
}

/**
 * Exact product.
 *
 * @example
 * writeExact(multiplyExact(exactAmount('0.02'), exactAmount('1.15'))); // '0.023'
 */
export function multiplyExact(a: ExactAmount, b: ExactAmount): ExactAmount {
  return { units: a.units * b.units, places: a.places + b.places };
}

/**
 * Rounds to `places` after the point; a tie goes to the even digit.
 *
 * @example
 * writeExact(roundExact(exactAmount('0.125'), 2)); // '0.12'
 */
export function roundExact(amount: ExactAmount, places: number): ExactAmount {
  if (amount.places <= places) return amount;
  const divisor = 10n ** BigInt(amount.places - places);
  const negative = amount.units < 0n;
  const size = negative ? -amount.units : amount.units;
  let quotient = size / divisor;
  const twice = (size - quotient * divisor) * 2n;
  if (twice > divisor || (twice === divisor && (quotient & 1n) === 1n)) quotient += 1n;
  return { units: negative ? -quotient : quotient, places };
}

/**
 * The shortest text of an exact amount, as {@link normalizeDecimal} writes it.
 *
 * @example
 * writeExact({ units: 150n, places: 3 }); // '0.15'
 */
export function writeExact({ units, places }: ExactAmount): string {
  if (places === 0 || units === 0n) return units.toString();
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(places + 1, '0');
  const point = digits.length - places;
  let end = digits.length;
  while (end > point && digits.charCodeAt(end - 1) === 48) end -= 1;
  const text =
    end === point ? digits.slice(0, point) : `${digits.slice(0, point)}.${digits.slice(point, end)}`;
  return negative ? `-${text}` : text;
}

/**
 * An amount over a count, rounded half-even at `places`.
 *
 * @example
 * divideDecimal('10', 3, 4); // '3.3333'
 */
export function divideDecimal(amount: string, count: number, places = 12): string {
  const exact = exactAmount(amount);
  const dividend = exact.units * 10n ** BigInt(places);
  const divisor = BigInt(count) * 10n ** BigInt(exact.places);
  const size = dividend < 0n ? -dividend : dividend;
  const quotient = size / divisor;
  const twiceRest = (size % divisor) * 2n;
  const rounded =
    twiceRest > divisor || (twiceRest === divisor && quotient % 2n === 1n) ? quotient + 1n : quotient;
  return normalizeDecimal(writeExact({ units: dividend < 0n ? -rounded : rounded, places }));
}
