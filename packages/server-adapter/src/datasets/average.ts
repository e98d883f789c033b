const places = 6;
const scale = 10n ** BigInt(places);

/**
 * The mean of a count over another as a decimal string, rounded half-even at six places; null where there is nothing to
 * divide by, or nothing was reported.
 *
 * @example
 * average(1000, 3); // '333.333333'
 */
export function average(sum: number | null, count: number | null): string | null {
  if (sum === null || count === null || count === 0) return null;
  const dividend = BigInt(sum) * scale;
  const divisor = BigInt(count);
  const quotient = dividend / divisor;
  const twiceRest = (dividend % divisor) * 2n;
  const roundUp = twiceRest > divisor || (twiceRest === divisor && quotient % 2n === 1n);
  return shortest(roundUp ? quotient + 1n : quotient);
}

function shortest(scaled: bigint): string {
  const fraction = (scaled % scale).toString().padStart(places, '0').replace(/0+$/, '');
  const whole = (scaled / scale).toString();
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
