import type { DatasetAnswer } from '@tallykit/protocol';
import { cellOf, columnsOf, namesIn } from './answer-rows.ts';
import type { AskedQuery } from './asked-query.ts';
import { callCell, costStateOf, type CallRecord } from './call-cells.ts';
import type { CallDataset } from './call-dataset.ts';
import { freshnessOf, instant, timeRange } from './freshness.ts';
import { readCursor, writeCursor, type ListPosition } from './list-cursor.ts';
import { totalsOfTrace } from './read-trace.ts';

/** Rows of a page unless a query tells. */
const usualPage = 100;

/**
 * One page of single calls, newest first. Every page of a list shows what stood in the log when its first page was read, so
 * calls that arrive meanwhile neither repeat a row nor push one out.
 */
export async function listCalls(
  dataset: CallDataset,
  { query, asker, timeZone, range }: AskedQuery,
): Promise<DatasetAnswer> {
  const { cursor, limit = usualPage, measures, filters = [] } = query;
  const identity = {
    secret: await asker.cursorSecret(),
    asker: asker.identity,
    question: [dataset.id, query.from, query.to, query.timeZone, filters],
  };
  const position: ListPosition | null = cursor === undefined ? null : readCursor(cursor, identity);
  const dimensions = query.dimensions ?? dataset.dimensions.map(({ id }) => id);
  const read = position?.range ?? range.read;
  const reading = await asker.calls({
    dataset,
    measures,
    dimensions,
    filters,
    range: read,
    before: position?.before ?? null,
    upTo: position?.upTo ?? null,
    limit,
  });
  const shown = { dataset, dimensions, measures };
  const columns = columnsOf(shown, { withheld: reading.withheld, currency: null });
  const page = reading.rows.slice(0, limit) as readonly CallRecord[];
  const rows = page.map((record) =>
    Object.fromEntries(columns.map(({ id }) => [id, callCell(record, id, asker)])),
  );
  const more = reading.rows.length > limit;
  const last = page.at(-1)?.event.id;
  const upTo = position?.upTo ?? reading.head;
  return {
    dataset: dataset.id,
    range: timeRange(position === null ? range.asked : read, timeZone),
    columns,
    rows: rows.map((row) => columns.map((column) => cellOf(row, column))),
    truncated: more,
    nextCursor:
      more && last !== undefined ? writeCursor({ before: last, upTo, range: read }, identity) : null,
    ...(range.truncatedBefore === null ? {} : { truncatedBefore: instant(range.truncatedBefore) }),
    names: await namesIn(rows, { dataset, dimensions: columns.map(({ id }) => id) }, asker),
    scope: asker.scope,
    freshness: freshnessOf({
      asker,
      cadence: dataset.cadence,
      readings: [reading],
      pending: totalsOfTrace(
        page.filter((record) => costStateOf(record) === 'pending'),
        asker,
      ).pending,
    }),
  };
}
