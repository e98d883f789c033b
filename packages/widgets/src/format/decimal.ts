const places = 12;

function scaled(amount: string): bigint {
  const negative = amount.startsWith('-');
  const [whole = '0', fraction = ''] = (negative ? amount.slice(1) : amount).split('.');
  const units = BigInt(whole + fraction.padEnd(places, '0').slice(0, places));
  return negative ? -units : units;
}

function textOf(units: bigint): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return `${negative ? '-' : ''}${digits.slice(0, -places)}${fraction ? `.${fraction}` : ''}`;
}

/**
 * The exact sum of decimal strings, for totals that are shown and never sent anywhere.
 *
 * @example
 * sumDecimals(['0.1', '0.2']); // '0.3'
 */
export function sumDecimals(amounts: readonly string[]): string {
  return textOf(amounts.reduce((sum, amount) => sum + scaled(amount), 0n));
}

/** Whether a decimal string is exactly zero, however it is written. */
export function isZeroDecimal(amount: string): boolean {
  return !/[1-9]/.test(amount);
}

/** Whether a decimal string is closer to zero than one unit of its last shown digit, and not zero. */
export function isBelowDigit(amount: string, fractionDigits: number): boolean {
  if (isZeroDecimal(amount)) return false;
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.');
  return isZeroDecimal(whole) && isZeroDecimal(fraction.slice(0, fractionDigits));
}
