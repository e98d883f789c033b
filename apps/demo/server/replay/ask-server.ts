import type { TallykitClient } from '@tallykit/client';
import type { TraceTotals } from './expected-totals.ts';

/** What the server answers for one environment, and how many of its calls wait for a price. */
export interface AnsweredTotals extends TraceTotals {
  readonly pendingCalls: number;
}

/** Asks the token usage dataset over HTTP, as an operator, for everything of one environment. */
export async function askServer(
  client: TallykitClient,
  options: { readonly environment: string; readonly from: number; readonly to: number },
): Promise<AnsweredTotals> {
  const answer = await client.datasets.query('token_usage', {
    measures: ['calls', 'prompt_tokens', 'completion_tokens', 'cost'],
    filters: [{ field: 'environment', operator: 'eq', values: [options.environment] }],
    from: new Date(options.from).toISOString(),
    to: new Date(options.to).toISOString(),
  });
  const cell = (id: string): string | number | null =>
    answer.rows[0]?.[answer.columns.findIndex((column) => column.id === id)] ?? null;
  return {
    calls: Number(cell('calls') ?? 0),
    inputTokens: Number(cell('prompt_tokens') ?? 0),
    outputTokens: Number(cell('completion_tokens') ?? 0),
    cost: String(cell('cost') ?? '0'),
    pendingCalls: answer.freshness.pending.calls,
  };
}
