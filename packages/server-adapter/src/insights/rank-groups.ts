import type { UsageRow } from '../datasets/question.ts';
import { addDecimals, compareDecimals } from '../primitives/money.ts';
import type { Ranking } from './read-parameters.ts';

interface Figures {
  readonly key: string | null;
  calls: number;
  tokens: number;
  readonly cost: Map<string, string>;
}

/**
 * Keys of groups, the largest first; `null` stands for calls that name none. Costs are compared in the currency that most
 * calls are in, then in the next: amounts of two currencies say nothing about which group is larger. Ties go by calls,
 * then by key.
 *
 * @param rows by group and currency, with `cost`, `calls` and `total_tokens`
 */
export function rankGroups(
  rows: readonly UsageRow[],
  group: string,
  orderBy: Ranking,
): readonly (string | null)[] {
  const figures = new Map<string | null, Figures>();
  const callsByCurrency = new Map<string, number>();
  for (const row of rows) {
    const key = typeof row[group] === 'string' ? row[group] : null;
    const known: Figures = figures.get(key) ?? { key, calls: 0, tokens: 0, cost: new Map() };
    figures.set(key, known);
    const calls = typeof row['calls'] === 'number' ? row['calls'] : 0;
    known.calls += calls;
    known.tokens += typeof row['total_tokens'] === 'number' ? row['total_tokens'] : 0;
    const { cost, currency } = row;
    if (typeof currency !== 'string') continue;
    callsByCurrency.set(currency, (callsByCurrency.get(currency) ?? 0) + calls);
    if (typeof cost === 'string')
      known.cost.set(currency, addDecimals(known.cost.get(currency) ?? '0', cost));
  }
  const currencies = [...callsByCurrency]
    .sort(([a, callsOfA], [b, callsOfB]) => callsOfB - callsOfA || (a < b ? -1 : 1))
    .map(([currency]) => currency);
  return [...figures.values()]
    .sort(
      (a, b) => compareFigures(a, b, orderBy, currencies) || b.calls - a.calls || compareKeys(a.key, b.key),
    )
    .map(({ key }) => key);
}

function compareFigures(a: Figures, b: Figures, orderBy: Ranking, currencies: readonly string[]): number {
  if (orderBy === 'calls') return b.calls - a.calls;
  if (orderBy === 'tokens') return b.tokens - a.tokens;
  for (const currency of currencies) {
    const compared = compareDecimals(b.cost.get(currency) ?? '0', a.cost.get(currency) ?? '0');
    if (compared !== 0) return compared;
  }
  return 0;
}

function compareKeys(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}
