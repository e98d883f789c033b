import {
  datasetQuerySchema,
  type DatasetAnswer,
  type DatasetColumn,
  type DatasetQuery,
  type Principal,
} from '@tallykit/protocol';
import { invalidRequest } from '../http/invalid-request.ts';
import { bucketsBetween } from '../primitives/time-bucket.ts';
import { faultsOfQuery } from './check-query.ts';
import { dimensionOf, measureOf, type DatasetDefinition } from './dataset-definition.ts';
import { datasetNotFound, invalidQuery, type QuestionFault } from './dataset-problems.ts';
import { datasetRange, isSupportedInstant } from './dataset-range.ts';
import { refuseForeignCustomers } from './foreign-customers.ts';
import { freshnessOf, instant, timeRange } from './freshness.ts';
import type { UsageQuestion, UsageReading, UsageRow } from './question.ts';
import type { Asker, Door } from './run-query.ts';
import { servedDataset } from './served-datasets.ts';

/** Rows of an answer unless a query tells. */
const defaultLimit = 1000;

/**
 * Answers a query of one dataset. Everything that the dataset does not have is refused before anything is read.
 *
 * @example
 * await queryDataset(door, principal, 'token_usage', { measures: ['total_tokens'], dimensions: ['time', 'flow'] });
 */
export async function queryDataset(
  door: Door,
  principal: Principal,
  id: string,
  body: unknown,
): Promise<DatasetAnswer> {
  const asker = await door.enter(principal, whoIn(body));
  const dataset = servedDataset(id);
  if (!dataset) throw datasetNotFound(id);
  const query = readQuery(body, dataset);
  refuseForeignCustomers(query.filters ?? [], dataset, asker);
  const timeZone = query.timeZone ?? asker.organization.timeZone;
  const range = datasetRange({
    from: query.from === undefined ? null : Date.parse(query.from),
    to: query.to === undefined ? null : Date.parse(query.to),
    timeZone,
    now: asker.now,
    defaultDays: dataset.defaultWindowDays,
    keptDays: asker.settings.tokenUsageWindowDays,
  });
  if (range.asked.from >= range.asked.to) {
    throw invalidQuery([{ pointer: '/from', detail: '"from" must be before "to".' }]);
  }
  const question: UsageQuestion = {
    dataset,
    measures: query.measures,
    dimensions: query.dimensions ?? [],
    grain: query.grain ?? 'day',
    timeZone,
    range: range.read,
    filters: query.filters ?? [],
    orderBy: query.orderBy,
    limit: query.limit ?? defaultLimit,
  };
  const reading = await asker.usage(question);
  const columns = columnsOf(question, reading);
  return {
    dataset: dataset.id,
    range: timeRange(range.asked, timeZone),
    columns,
    rows: reading.rows.map((row) => columns.map((column) => cellOf(row, column))),
    truncated: reading.truncated,
    ...(range.truncatedBefore === null ? {} : { truncatedBefore: instant(range.truncatedBefore) }),
    names: await namesIn(reading.rows, question, asker),
    scope: asker.scope,
    freshness: freshnessOf({
      asker,
      cadence: dataset.cadence,
      readings: [reading],
      pending: reading.pending,
      buckets: openBucketsOf(question, asker.now),
    }),
  };
}

// The shape is checked further on; nothing but a text can name a customer.
function whoIn(body: unknown): { asCustomer?: string } {
  if (typeof body !== 'object' || body === null || !('asCustomer' in body)) return {};
  return typeof body.asCustomer === 'string' && body.asCustomer !== '' ? { asCustomer: body.asCustomer } : {};
}

function readQuery(body: unknown, dataset: DatasetDefinition): DatasetQuery {
  const parsed = datasetQuerySchema.safeParse(body);
  if (!parsed.success) throw invalidRequest(parsed.error);
  const faults = [...faultsOfQuery(parsed.data, dataset), ...faultsOfInstants(parsed.data)];
  if (faults.length > 0) throw invalidQuery(faults);
  return parsed.data;
}

function faultsOfInstants(query: DatasetQuery): readonly QuestionFault[] {
  return (['from', 'to'] as const).flatMap((name) => {
    const instantText = query[name];
    return instantText === undefined || isSupportedInstant(Date.parse(instantText))
      ? []
      : [{ pointer: `/${name}`, detail: 'Must be between 1970 and 2199.' }];
  });
}

function columnsOf(
  { dataset, dimensions, measures }: UsageQuestion,
  reading: UsageReading,
): readonly DatasetColumn[] {
  const fields = [
    ...dimensions.map((id) => dimensionOf(dataset, id)),
    ...measures.map((id) => measureOf(dataset, id)),
  ];
  return fields
    .filter((field) => field !== undefined && !reading.withheld.includes(field.id))
    .map((field) => field as NonNullable<typeof field>)
    .map(({ id, label, type }) => ({
      id,
      role: dimensions.includes(id) ? 'dimension' : 'measure',
      type,
      label,
      ...(type === 'currency' && reading.currency !== null ? { currency: reading.currency } : {}),
    }));
}

function cellOf(row: UsageRow, { id, type }: DatasetColumn): string | number | null {
  const cell = row[id] ?? null;
  return type === 'time' && typeof cell === 'number' ? instant(cell) : cell;
}

async function namesIn(
  rows: readonly UsageRow[],
  { dataset, dimensions }: UsageQuestion,
  asker: Asker,
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

function openBucketsOf({ dimensions, grain, timeZone, range }: UsageQuestion, now: number) {
  if (!dimensions.includes('time')) return [];
  return bucketsBetween({ from: now, to: now + 1 }, grain, timeZone).filter(
    ({ start, end }) => start < range.to && range.from < end,
  );
}
