import { identifierSchema, type DatasetFilter, type DatasetQuery } from '@tallykit/protocol';
import { dimensionOf, measureOf, type AnyDataset } from './dataset-definition.ts';
import type { QuestionFault } from './dataset-problems.ts';

/** Everything that is wrong with a query of the right shape: ids and operators that the dataset does not have. */
export function faultsOfQuery(query: DatasetQuery, dataset: AnyDataset): readonly QuestionFault[] {
  const dimensions = query.dimensions ?? [];
  const isList = dataset.shape === 'calls';
  const selected = new Set([...query.measures, ...dimensions]);
  return [
    ...query.measures.flatMap((id, index) =>
      measureOf(dataset, id) ? [] : [unknownId(`/measures/${index}`, 'measure', id, dataset)],
    ),
    ...dimensions.flatMap((id, index) =>
      dimensionOf(dataset, id) ? [] : [unknownId(`/dimensions/${index}`, 'dimension', id, dataset)],
    ),
    ...(isList ? faultsOfList(query) : faultsOfGroups(query)),
    ...repeated('/measures', query.measures),
    ...repeated('/dimensions', dimensions),
    ...(query.filters ?? []).flatMap((filter, index) => faultsOfFilter(filter, `/filters/${index}`, dataset)),
    ...(query.orderBy ?? []).flatMap(({ field }, index) =>
      isList || selected.has(field)
        ? []
        : [
            {
              pointer: `/orderBy/${index}/field`,
              detail: `Order by a measure or dimension of this query, not "${field}".`,
            },
          ],
    ),
    ...(query.grain !== undefined && !isList && !dimensions.includes('time')
      ? [{ pointer: '/grain', detail: 'A grain needs the dimension "time".' }]
      : []),
  ];
}

const mostGroups = { measures: 20, dimensions: 8 } as const;
const mostListed = 1000;

function faultsOfGroups(query: DatasetQuery): readonly QuestionFault[] {
  return [
    ...(['measures', 'dimensions'] as const).flatMap((part) =>
      (query[part]?.length ?? 0) > mostGroups[part]
        ? [{ pointer: `/${part}`, detail: `At most ${mostGroups[part]} ${part} go into one question.` }]
        : [],
    ),
    ...(query.cursor === undefined
      ? []
      : [{ pointer: '/cursor', detail: 'Only lists of single rows have pages; this dataset has groups.' }]),
  ];
}

function faultsOfList(query: DatasetQuery): readonly QuestionFault[] {
  const [first, ...others] = query.orderBy ?? [];
  const isUsual = first === undefined || (first.field === 'time' && first.direction === 'desc');
  return [
    ...(isUsual && others.length === 0
      ? []
      : [{ pointer: '/orderBy', detail: 'A list is ordered by "time", newest first, and by nothing else.' }]),
    ...(query.grain === undefined
      ? []
      : [{ pointer: '/grain', detail: 'A list shows the instant of each row; leave the grain out.' }]),
    ...((query.limit ?? 0) > mostListed
      ? [
          {
            pointer: '/limit',
            detail: `A page holds at most ${mostListed} rows; ask the next with its cursor.`,
          },
        ]
      : []),
  ];
}

function unknownId(pointer: string, what: string, id: string, { id: dataset }: AnyDataset): QuestionFault {
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
  dataset: AnyDataset,
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
