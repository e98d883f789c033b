import type { DatasetAnswer } from '@tallykit/protocol';
import { createClient, type TallykitClient } from '@tallykit/client';

/** A client of a `--dev-auth` server that asks as this person: `operator`, `customer_admin:<id>` or `customer_member:<id>`. */
export function clientAs(endpoint: string, principal: string): TallykitClient {
  return createClient({ baseUrl: endpoint, headers: { 'x-tallykit-dev-principal': principal } });
}

/** Figures of all calls: an operator's view of the whole organization. */
export interface Totals {
  readonly calls: number;
  readonly tokens: number;
  readonly cost: string;
  readonly pendingCalls: number;
}

/** The cell of a row by the id of its column. */
export function cellOf(answer: DatasetAnswer, id: string, row = 0): string | number | null {
  return answer.rows[row]?.[answer.columns.findIndex((column) => column.id === id)] ?? null;
}

/** Asks for the totals of the last day. */
export async function totalsOf(client: TallykitClient): Promise<Totals> {
  const answer = await client.datasets.query('token_usage', {
    measures: ['calls', 'total_tokens', 'cost'],
    from: new Date(Date.now() - 86_400_000).toISOString(),
    to: new Date(Date.now() + 3_600_000).toISOString(),
  });
  return {
    calls: Number(cellOf(answer, 'calls') ?? 0),
    tokens: Number(cellOf(answer, 'total_tokens') ?? 0),
    cost: String(cellOf(answer, 'cost') ?? '0'),
    pendingCalls: answer.freshness.pending.calls,
  };
}

/** Asks until `wanted` holds, at most this long: sums follow the log within moments. */
export async function until<Value>(
  ask: () => Promise<Value>,
  wanted: (value: Value) => boolean,
  milliseconds = 20_000,
): Promise<Value> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const value = await ask();
    if (wanted(value) || Date.now() > end) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
