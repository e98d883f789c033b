import type { DatasetAnswer } from '@tallykit/protocol';
import { cellOf, columnsOf, namesIn, openBucketsOf } from './answer-rows.ts';
import { defaultLimit, type AskedQuery } from './asked-query.ts';
import type { FactDataset } from './fact-dataset.ts';
import { freshnessOf, instant, timeRange } from './freshness.ts';
import type { FactQuestion } from './question.ts';

/** Answers a query of a dataset over events of one kind. */
export async function queryFacts(
  dataset: FactDataset,
  { query, asker, timeZone, range }: AskedQuery,
): Promise<DatasetAnswer> {
  const question: FactQuestion = {
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
  const reading = await asker.facts(question);
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
      buckets: openBucketsOf(question, asker.now),
    }),
  };
}
