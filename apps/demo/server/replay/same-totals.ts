import { picoOf } from '../pico-dollars.ts';
import type { TraceTotals } from './expected-totals.ts';

/** Whether the server answered what was sent: calls and tokens to the last one, cost to 1e-12. */
export function sameTotals(sent: TraceTotals, answered: TraceTotals): boolean {
  return (
    sent.calls === answered.calls &&
    sent.inputTokens === answered.inputTokens &&
    sent.outputTokens === answered.outputTokens &&
    picoOf(sent.cost) === picoOf(answered.cost)
  );
}
