import { divideDecimal } from '../primitives/money.ts';
import type { Cell } from '../storage/contract/scoped-reader.ts';
import { dimensionOf, type MeasureDefinition } from './dataset-definition.ts';
import { currencyCutRequired } from './dataset-problems.ts';
import type { FactMeasureSource } from './fact-dataset.ts';
import type { FactQuestion, UsageRow } from './question.ts';

type StoredRow = Readonly<Record<string, Cell>>;

/** Places of a figure over another. */
const quotientPlaces = 6;

function keyOf(question: FactQuestion, row: StoredRow): UsageRow {
  return Object.fromEntries(
    question.dimensions.map((id) => {
      const reads = dimensionOf(question.dataset, id)?.reads ?? id;
      return [id, row[reads === 'time' ? 'bucket' : reads] ?? null];
    }),
  );
}

function valueOf({ source }: MeasureDefinition<FactMeasureSource>, row: StoredRow): Cell {
  const value = row[source.of] ?? null;
  if (!('per' in source)) return value;
  const divisor = Number(row[source.per] ?? 0);
  if (value === null || divisor === 0) return null;
  return source.kind === 'quotient'
    ? divideDecimal(String(value), divisor, quotientPlaces)
    : divideDecimal(String(value), divisor);
}

/** Rows of a question about events, not yet ordered. Two currencies in one amount are refused. */
export function mergeFacts(
  question: FactQuestion,
  measures: readonly MeasureDefinition<FactMeasureSource>[],
  stored: { readonly figures: readonly StoredRow[]; readonly amounts: readonly StoredRow[] },
): { readonly rows: readonly UsageRow[]; readonly currency: string | null } {
  const isCut = question.dimensions.includes('currency');
  const paid = stored.amounts.filter((row) => typeof row['currency'] === 'string');
  const currencies = [...new Set(paid.map((row) => String(row['currency'])))].sort();
  if (!isCut && currencies.length > 1) throw currencyCutRequired(currencies);
  const amounts = new Map(paid.map((row) => [JSON.stringify(keyOf(question, row)), row]));
  const rows = stored.figures.map((row) => {
    const key = keyOf(question, row);
    const money = amounts.get(JSON.stringify(key)) ?? {};
    const values = measures.map((measure) => [measure.id, valueOf(measure, { ...money, ...row })]);
    return { ...key, ...Object.fromEntries(values) } as UsageRow;
  });
  return { rows, currency: isCut ? null : (currencies[0] ?? null) };
}
