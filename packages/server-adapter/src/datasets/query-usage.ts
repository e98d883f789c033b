import type { DatasetAnswer } from '@tallykit/protocol';
import { cellOf, columnsOf, namesIn, openBucketsOf } from './answer-rows.ts';
import { defaultLimit, type AskedQuery } from './asked-query.ts';
import type { DatasetDefinition } from './dataset-definition.ts';
import { freshnessOf, instant, timeRange } from './freshness.ts';
import type { UsageQuestion } from './question.ts';

/** Answers a query of a dataset over the sums of calls. */
export async function queryUsage(
  dataset: DatasetDefinition,
  { query, asker, timeZone, range }: AskedQuery,
): Promise<DatasetAnswer> {
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
