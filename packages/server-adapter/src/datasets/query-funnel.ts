import type { DatasetAnswer } from '@tallykit/protocol';
import { average } from './average.ts';
import { cellOf, columnsOf } from './answer-rows.ts';
import type { AskedQuery } from './asked-query.ts';
import { flowRequired, invalidQuery } from './dataset-problems.ts';
import type { FactDataset } from './fact-dataset.ts';
import { freshnessOf, instant, timeRange } from './freshness.ts';
import type { FactQuestion, UsageRow } from './question.ts';

/**
 * The steps of one flow in the order in which it is registered, with the runs that reached each. Steps that the registry does
 * not know come last, from the most reached to the least.
 */
export async function queryFunnel(
  dataset: FactDataset,
  { query, asker, timeZone, range }: AskedQuery,
): Promise<DatasetAnswer> {
  const flowId = flowIn(query.filters ?? []);
  if (flowId === null) throw flowRequired();
  refuseFreeParts(query);
  const question: FactQuestion = {
    dataset,
    measures: query.measures,
    dimensions: ['step'],
    grain: 'day',
    timeZone,
    range: range.read,
    filters: query.filters ?? [],
  };
  const [reading, flow] = await Promise.all([asker.facts(question), asker.flow(flowId)]);
  const reached = new Map(reading.rows.map((row) => [String(row['step']), Number(row['runs'] ?? 0)]));
  const steps = stepsOf(flow?.steps ?? [], reached, isNarrowed(query.filters ?? []));
  const rows = steps.map((step, index): UsageRow => {
    const runs = reached.get(step) ?? 0;
    const before = index === 0 ? null : (reached.get(steps[index - 1] ?? '') ?? 0);
    const first = reached.get(steps[0] ?? '') ?? 0;
    return {
      step,
      runs,
      drop_off: before === null ? null : average(Math.max(0, before - runs), before),
      share: average(runs, first),
    };
  });
  const columns = columnsOf(question, reading);
  const limit = query.limit ?? rows.length;
  return {
    dataset: dataset.id,
    range: timeRange(range.asked, timeZone),
    columns,
    rows: rows.slice(0, limit).map((row) => columns.map((column) => cellOf(row, column))),
    truncated: rows.length > limit,
    ...(range.truncatedBefore === null ? {} : { truncatedBefore: instant(range.truncatedBefore) }),
    names: [],
    scope: asker.scope,
    freshness: freshnessOf({ asker, cadence: dataset.cadence, readings: [reading] }),
  };
}

type Filters = NonNullable<AskedQuery['query']['filters']>;

function flowIn(filters: Filters): string | null {
  const named = filters.filter(({ field }) => field === 'flow' || field === 'flow_id');
  const flows = new Set(named.map(({ values = [] }) => String(values[0])));
  return flows.size === 1 ? ([...flows][0] ?? null) : null;
}

const isNarrowed = (filters: Filters): boolean => filters.some(({ field }) => field === 'step');

function refuseFreeParts({ dimensions = [], orderBy = [] }: AskedQuery['query']): void {
  const free = dimensions.findIndex((id) => id !== 'step');
  if (free >= 0) {
    const detail =
      'A funnel is cut by its steps and by nothing else; leave the dimension out, or filter by it.';
    throw invalidQuery([{ pointer: `/dimensions/${free}`, detail }]);
  }
  if (orderBy.length > 0) {
    const detail = 'A funnel is in the order of its steps; leave the order out.';
    throw invalidQuery([{ pointer: '/orderBy', detail }]);
  }
}

function stepsOf(
  registered: readonly string[],
  reached: ReadonlyMap<string, number>,
  onlyReached: boolean,
): readonly string[] {
  const known = new Set(registered);
  const others = [...reached].filter(([step]) => !known.has(step));
  others.sort(([a, runs], [b, otherRuns]) => otherRuns - runs || (a < b ? -1 : 1));
  const steps = [...known, ...others.map(([step]) => step)];
  return onlyReached ? steps.filter((step) => reached.has(step)) : steps;
}
