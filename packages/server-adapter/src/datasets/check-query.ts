import { identifierSchema, type DatasetFilter, type DatasetQuery } from '@tallykit/protocol';
import { dimensionOf, measureOf, type DatasetDefinition } from './dataset-definition.ts';
import type { QuestionFault } from './dataset-problems.ts';

/** Everything that is wrong with a query of the right shape: ids and operators that the dataset does not have. */
export function faultsOfQuery(query: DatasetQuery, dataset: DatasetDefinition): readonly QuestionFault[] {
  const dimensions = query.dimensions ?? [];
  const selected = new Set([...query.measures, ...dimensions]);
  return [
    ...query.measures.flatMap((id, index) =>
      measureOf(dataset, id) ? [] : [unknownId(`/measures/${index}`, 'measure', id, dataset)],
    ),
    ...dimensions.flatMap((id, index) =>
      dimensionOf(dataset, id) ? [] : [unknownId(`/dimensions/${index}`, 'dimension', id, dataset)],
    ),
    ...repeated('/measures', query.measures),
    ...repeated('/dimensions', dimensions),
    ...(query.filters ?? []).flatMap((filter, index) => faultsOfFilter(filter, `/filters/${index}`, dataset)),
    ...(query.orderBy ?? []).flatMap(({ field }, index) =>
      selected.has(field)
        ? []
        : [
            {
              pointer: `/orderBy/${index}/field`,
              detail: `Order by a measure or dimension of this query, not "${field}".`,
            },
          ],
    ),
    ...(query.grain !== undefined && !dimensions.includes('time')
      ? [{ pointer: '/grain', detail: 'A grain needs the dimension "time".' }]
      : []),
  ];
}

function unknownId(
  pointer: string,
  what: string,
  id: string,
  { id: dataset }: DatasetDefinition,
): QuestionFault {
  return { pointer, detail: `"${id}" is not a ${what} of ${dataset}.` };
}

function repeated(pointer: string, ids: readonly string[]): readonly QuestionFault[] {
  return ids.flatMap((id, index) =>
    ids.indexOf(id) === index ? [] : [{ pointer: `${pointer}/${index}`, detail: `"${id}" is named twice.` }],
  );
}

/** What is wrong with one filter. `pointer` is where it stands in the request. */
export function faultsOfFilter(
  { field, operator, values = [] }: DatasetFilter,
  pointer: string,
  dataset: DatasetDefinition,
): readonly QuestionFault[] {
  const filter = dataset.filters.find((candidate) => candidate.field === field);
  if (!filter) return [unknownId(`${pointer}/field`, 'filter', field, dataset)];
  if (!filter.operators.includes(operator)) {
    return [
      {
        pointer: `${pointer}/operator`,
        detail: `"${operator}" is not an operator of "${field}"; it has ${filter.operators.join(', ')}.`,
      },
    ];
  }
  if (values.some((value) => !identifierSchema.safeParse(value).success)) {
    return [
      {
        pointer: `${pointer}/values`,
        detail: `The values of "${field}" are texts of 1 to 200 characters without control characters.`,
      },
    ];
  }
  const count = valueCount[operator] ?? { least: 1, most: 1, says: 'takes exactly one value' };
  return values.length >= count.least && values.length <= count.most
    ? []
    : [{ pointer: `${pointer}/values`, detail: `"${operator}" ${count.says}.` }];
}

const valueCount: Readonly<Record<string, { least: number; most: number; says: string } | undefined>> = {
  in: { least: 1, most: 200, says: 'takes 1 to 200 values' },
  isNull: { least: 0, most: 0, says: 'takes no values' },
  notNull: { least: 0, most: 0, says: 'takes no values' },
};
