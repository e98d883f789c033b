import type { TraceTotals } from './expected-totals.ts';

function pico(amount: string): bigint {
  const [whole = '0', fraction = ''] = amount.split('.');
  return BigInt(whole) * 10n ** 12n + BigInt(fraction.padEnd(12, '0').slice(0, 12));
}

/** Whether the server answered what was sent: calls and tokens to the last one, cost to 1e-12. */
export function sameTotals(sent: TraceTotals, answered: TraceTotals): boolean {
  return (
    sent.calls === answered.calls &&
    sent.inputTokens === answered.inputTokens &&
    sent.outputTokens === answered.outputTokens &&
    pico(sent.cost) === pico(answered.cost)
  );
}
