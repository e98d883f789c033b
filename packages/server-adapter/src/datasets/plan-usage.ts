import type { Visibility } from '@tallykit/protocol';
import { bucketsBetween, quarterHourEnd } from '../primitives/time-bucket.ts';
import { chooseSource } from '../rollups/choose-node.ts';
import type {
  PlanFilter,
  PlanRange,
  UsageDimension,
  UsageMeasure,
  UsagePlan,
} from '../storage/contract/read-plan.ts';
import type { ReadScope } from '../storage/contract/scoped-reader.ts';
import { dimensionOf, filteredDimension, type MeasureDefinition } from './dataset-definition.ts';
import { tooDetailed } from './dataset-problems.ts';
import type { UsageQuestion } from './question.ts';

/** What a plan depends on besides the question. */
export interface PlanContext {
  readonly visibility: Visibility;
  /** Unix milliseconds. */
  readonly now: number;
  readonly organizationTimeZone: string;
  readonly scope: ReadScope;
}

/** The reads that answer one question. */
export interface UsagePlans {
  /** Sums and amounts; by currency when there are amounts. */
  readonly sums: UsagePlan;
  /** Distinct counts. They cannot be added over currencies, so they are never cut by one that was not asked for. */
  readonly distinct: UsagePlan | null;
  /** Pending calls without the filter on a currency: a call without a cost has none. */
  readonly pending: UsagePlan | null;
}

/** More rows than this are not put together for one answer. */
export const maxPlanRows = 100_000;

// Averages divide two of these, so what is divided is read in one plan.
const readUncut: ReadonlySet<UsageMeasure> = new Set([
  'messages',
  'message_tokens',
  'conversations',
  'conversation_tokens',
]);

/** The amount of the fact that a measure reads, or null when it is no amount. */
export function amountRead(measure: MeasureDefinition, visibility: Visibility): UsageMeasure | null {
  const { source } = measure;
  if (source.kind === 'amount') return `${source.basis}_amount`;
  return source.kind === 'own_amount' ? `${source[visibility]}_amount` : null;
}

function countsRead({ source }: MeasureDefinition): readonly UsageMeasure[] {
  if (source.kind === 'count') return [source.of];
  return source.kind === 'average' ? [source.of, source.per] : [];
}

/**
 * The range to read. Nothing lies after now, so a range that ends in the open quarter of an hour or later is read to the
 * end of the day: sums by day can then answer it as well.
 */
export function readableRange({ from, to }: PlanRange, now: number, timeZone: string): PlanRange {
  if (quarterHourEnd(to - 1) <= now) return { from, to };
  return { from, to: bucketsBetween({ from: to - 1, to }, 'day', timeZone)[0]?.end ?? to };
}

/** Turns a question, without its withheld fields, into frozen plans. Throws 400 `too_detailed` when no table answers it. */
export function planUsage(
  question: UsageQuestion,
  measures: readonly MeasureDefinition[],
  context: PlanContext,
): UsagePlans {
  const counts = new Set(measures.flatMap(countsRead));
  const amounts = measures
    .map((measure) => amountRead(measure, context.visibility))
    .filter((amount) => amount !== null);
  const asked = question.dimensions
    .map((id) => dimensionOf(question.dataset, id)?.reads)
    .filter((reads) => reads !== undefined && reads !== 'time');
  const summed = [...counts].filter((count) => !readUncut.has(count));
  const distinct = [...counts].filter((count) => readUncut.has(count));
  const cutByCurrency =
    amounts.length === 0 || asked.includes('currency') ? asked : [...asked, 'currency' as const];
  const filters = question.filters.map((filter) => planFilter(question, filter));
  const anyCurrency = filters.filter((filter) => filter.field !== 'currency');
  return {
    sums: usagePlan(question, context, {
      dimensions: cutByCurrency,
      measures: [...new Set<UsageMeasure>([...summed, ...amounts, 'pending_calls', 'pending_tokens'])],
      filters,
    }),
    distinct:
      distinct.length === 0
        ? null
        : usagePlan(question, context, { dimensions: asked, measures: distinct, filters }),
    pending:
      anyCurrency.length === filters.length
        ? null
        : usagePlan({ ...question, dimensions: [] }, context, {
            dimensions: [],
            measures: ['pending_calls', 'pending_tokens'],
            filters: anyCurrency,
          }),
  };
}

function planFilter(
  { dataset }: UsageQuestion,
  filter: UsageQuestion['filters'][number],
): PlanFilter<UsageDimension> {
  const reads = filteredDimension(dataset, filter.field)?.reads;
  if (reads === undefined || reads === 'time') {
    throw new TypeError(`The filter "${filter.field}" of ${dataset.id} reads no dimension of the fact.`);
  }
  return { field: reads, operator: filter.operator, values: filter.values ?? [] };
}

function usagePlan(
  question: UsageQuestion,
  context: PlanContext,
  parts: Pick<UsagePlan, 'dimensions' | 'measures' | 'filters'>,
): UsagePlan {
  const bucket = question.dimensions.includes('time')
    ? { grain: question.grain, timeZone: question.timeZone }
    : null;
  const range = readableRange(question.range, context.now, context.organizationTimeZone);
  const source = chooseSource({
    ...parts,
    bucket,
    range,
    organizationTimeZone: context.organizationTimeZone,
    scope: context.scope,
  });
  if (source === null) throw tooDetailed(adviceFor(parts, context.organizationTimeZone));
  return Object.freeze({
    kind: 'usage',
    source,
    range,
    bucket,
    ...parts,
    orderBy: [],
    limit: maxPlanRows + 1,
  });
}

function adviceFor(
  { measures, dimensions }: Pick<UsagePlan, 'dimensions' | 'measures'>,
  timeZone: string,
): string {
  const narrower = 'or ask for one customer and at most 31 days.';
  if (!measures.some((measure) => readUncut.has(measure))) {
    return `Ask with fewer dimensions and filters, begin and end the range at midnight in ${timeZone}, ${narrower}`;
  }
  const currency = dimensions.includes('currency') ? 'leave the currency out of their question, ' : '';
  return `Messages and conversations are counted by days of ${timeZone}: ask for them by day, week or month in that zone, ${currency}${narrower}`;
}
