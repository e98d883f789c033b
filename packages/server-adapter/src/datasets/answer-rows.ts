import type { DatasetAnswer, DatasetColumn, Grain } from '@tallykit/protocol';
import { bucketsBetween } from '../primitives/time-bucket.ts';
import type { Cell } from '../storage/contract/scoped-reader.ts';
import { dimensionOf, measureOf, type AnyDataset, type FieldDefinition } from './dataset-definition.ts';
import { instant } from './freshness.ts';
import type { Span } from './question.ts';
import type { Asker } from './run-query.ts';

type Row = Readonly<Record<string, Cell>>;

/** The fields that an answer shows, in order. */
export interface ShownFields {
  readonly dataset: AnyDataset;
  readonly dimensions: readonly string[];
  readonly measures: readonly string[];
}

/** Columns of an answer, those withheld left out. `currency`: of amounts that are all in one. */
export function columnsOf(
  { dataset, dimensions, measures }: ShownFields,
  { withheld, currency }: { readonly withheld: readonly string[]; readonly currency: string | null },
): readonly DatasetColumn[] {
  const fields: readonly (FieldDefinition | undefined)[] = [
    ...dimensions.map((id) => dimensionOf(dataset, id)),
    ...measures.map((id) => measureOf(dataset, id)),
  ];
  return fields
    .filter((field) => field !== undefined)
    .filter((field) => !withheld.includes(field.id))
    .map(({ id, label, type }) => ({
      id,
      role: dimensions.includes(id) ? 'dimension' : 'measure',
      type,
      label,
      ...(type === 'currency' && currency !== null ? { currency } : {}),
    }));
}

/** A cell as the wire says it. */
export function cellOf(row: Row, { id, type }: DatasetColumn): string | number | null {
  const cell = row[id] ?? null;
  return type === 'time' && typeof cell === 'number' ? instant(cell) : cell;
}

/** Present names of the ids in rows. */
export async function namesIn(
  rows: readonly Row[],
  { dataset, dimensions }: Pick<ShownFields, 'dataset' | 'dimensions'>,
  asker: Pick<Asker, 'names'>,
): Promise<NonNullable<DatasetAnswer['names']>> {
  const named = await Promise.all(
    dimensions.map(async (dimension) => {
      const of = dimensionOf(dataset, dimension)?.namesOf;
      if (of === undefined) return [];
      const ids = new Set(rows.map((row) => row[dimension]).filter((id) => typeof id === 'string'));
      const names = await asker.names(of, [...ids]);
      return [...names].map(([id, name]) => ({ dimension, id, name }));
    }),
  );
  return named.flat();
}

/** The bucket that holds now, when rows are cut by time and their range touches it. */
export function openBucketsOf(
  {
    dimensions,
    grain,
    timeZone,
    range,
  }: {
    readonly dimensions: readonly string[];
    readonly grain: Grain;
    readonly timeZone: string;
    readonly range: Span;
  },
  now: number,
): readonly { readonly start: number; readonly end: number }[] {
  if (!dimensions.includes('time')) return [];
  return bucketsBetween({ from: now, to: now + 1 }, grain, timeZone).filter(
    ({ start, end }) => start < range.to && range.from < end,
  );
}
