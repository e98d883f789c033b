/** Millionths of a millionth of a dollar in one: whole numbers that hold every cost exactly. */
export const picoPerDollar = 10n ** 12n;

/** The exact number of picodollars of a decimal text with at most twelve decimals. */
export function picoOf(amount: string): bigint {
  const [whole = '0', fraction = ''] = amount.split('.');
  return BigInt(whole) * picoPerDollar + BigInt(fraction.padEnd(12, '0').slice(0, 12));
}

/** The shortest exact decimal text of picodollars. */
export function decimalOf(pico: bigint): string {
  const fraction = (pico % picoPerDollar).toString().padStart(12, '0').replace(/0+$/, '');
  return `${pico / picoPerDollar}${fraction === '' ? '' : `.${fraction}`}`;
}
