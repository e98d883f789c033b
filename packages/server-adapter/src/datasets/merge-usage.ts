import type { Visibility } from '@tallykit/protocol';
import { addDecimals, compareDecimals } from '../primitives/money.ts';
import type { UsageMeasure } from '../storage/contract/read-plan.ts';
import type { Cell } from '../storage/contract/scoped-reader.ts';
import { average } from './average.ts';
import { dimensionOf, type MeasureDefinition } from './dataset-definition.ts';
import { currencyCutRequired } from './dataset-problems.ts';
import { amountRead } from './plan-usage.ts';
import type { PendingFigure, UsageQuestion, UsageRow } from './question.ts';

/** A row as a store answers a usage plan. */
export type StoredRow = Readonly<Record<string, Cell>>;

/** Rows of the plans of one question. */
export interface StoredRows {
  readonly sums: readonly StoredRow[];
  readonly distinct: readonly StoredRow[];
}

/** Rows of the question, not yet ordered. */
export interface MergedUsage {
  readonly rows: readonly UsageRow[];
  /** Currency of amounts that are not cut by currency; null when they are, or when there are none. */
  readonly currency: string | null;
}

interface Group {
  readonly dimensions: UsageRow;
  readonly counts: Map<string, number | null>;
  readonly amounts: Map<string, string | null>;
}

/**
 * Puts the rows of the plans together to rows of the question. Where amounts were asked for without a cut by currency,
 * the rows of the one currency and of calls without any become one row; two currencies are refused.
 */
export function mergeUsage(
  question: UsageQuestion,
  measures: readonly MeasureDefinition[],
  visibility: Visibility,
  stored: StoredRows,
): MergedUsage {
  const amounts = new Set<UsageMeasure>(
    measures.map((measure) => amountRead(measure, visibility)).filter((amount) => amount !== null),
  );
  const cut = question.dimensions.some((id) => dimensionOf(question.dataset, id)?.reads === 'currency');
  const currency = cut ? null : onlyCurrency(stored.sums, [...amounts]);
  const groups = new Map<string, Group>();
  // Without dimensions there is one row, also when nothing was recorded.
  if (question.dimensions.length === 0) groupOf(groups, question, {});
  for (const row of stored.sums)
    addRow(groupOf(groups, question, row), row, amounts, cut ? row['currency'] : currency);
  for (const row of stored.distinct) addRow(groupOf(groups, question, row), row, new Set(), null);
  const rows = [...groups.values()].map((group) => ({
    ...group.dimensions,
    ...Object.fromEntries(measures.map((measure) => [measure.id, valueOf(measure, group, visibility)])),
  }));
  return { rows, currency };
}

/** Calls without a cost yet, over rows that hold them. */
export function pendingOf(rows: readonly StoredRow[]): PendingFigure {
  let calls = 0;
  let tokens: number | null = null;
  for (const row of rows) {
    calls += countIn(row['pending_calls']) ?? 0;
    tokens = plus(tokens, countIn(row['pending_tokens']));
  }
  return { calls, tokens };
}

// An amount of nothing in another currency, as a re-priced call leaves it behind, mixes nothing.
function onlyCurrency(rows: readonly StoredRow[], amounts: readonly UsageMeasure[]): string | null {
  const seen = new Set<string>();
  const withAmount = new Set<string>();
  for (const row of rows) {
    const currency = textIn(row['currency']);
    if (currency === null) continue;
    seen.add(currency);
    if (amounts.some((amount) => compareDecimals(textIn(row[amount]) ?? '0', '0') !== 0))
      withAmount.add(currency);
  }
  if (withAmount.size > 1) throw currencyCutRequired([...withAmount].sort());
  const candidates = withAmount.size === 1 ? withAmount : seen;
  return [...candidates].sort()[0] ?? null;
}

function groupOf(groups: Map<string, Group>, question: UsageQuestion, row: StoredRow): Group {
  const dimensions: UsageRow = Object.fromEntries(
    question.dimensions.map((id) => [id, row[columnOf(question, id)] ?? null]),
  );
  const key = JSON.stringify(Object.values(dimensions));
  const known = groups.get(key);
  if (known) return known;
  const made: Group = { dimensions, counts: new Map(), amounts: new Map() };
  groups.set(key, made);
  return made;
}

function columnOf(question: UsageQuestion, id: string): string {
  const reads = dimensionOf(question.dataset, id)?.reads ?? id;
  return reads === 'time' ? 'bucket' : reads;
}

function addRow(
  group: Group,
  row: StoredRow,
  amounts: ReadonlySet<string>,
  currency: Cell | undefined,
): void {
  for (const [column, value] of Object.entries(row)) {
    if (amounts.has(column)) {
      const known = group.amounts.get(column) ?? null;
      const amount = row['currency'] === currency && currency !== null ? textIn(value) : null;
      group.amounts.set(column, amount === null ? known : addDecimals(known ?? '0', amount));
    } else {
      group.counts.set(column, plus(group.counts.get(column) ?? null, countIn(value)));
    }
  }
}

function valueOf(measure: MeasureDefinition, group: Group, visibility: Visibility): Cell {
  const { source } = measure;
  const count = (of: UsageMeasure): number | null => group.counts.get(of) ?? null;
  if (source.kind === 'average') return average(count(source.of), count(source.per));
  if (source.kind === 'count')
    return source.of.endsWith('tokens') ? count(source.of) : (count(source.of) ?? 0);
  return group.amounts.get(amountRead(measure, visibility) ?? '') ?? null;
}

function plus(a: number | null, b: number | null): number | null {
  return b === null ? a : (a ?? 0) + b;
}

function countIn(cell: Cell | undefined): number | null {
  return typeof cell === 'number' ? cell : null;
}

function textIn(cell: Cell | undefined): string | null {
  return typeof cell === 'string' && cell !== '' ? cell : null;
}
