import { dayOf, quarterHourMs, startOfDay } from '../../primitives/time-bucket.ts';
import { presenceDimensions, rollupNodes, type RollupNode, type RollupNodeId } from './lattice.ts';
import type { ReadScope } from './scoped-reader.ts';
import type { UsagePlan } from './read-plan.ts';

/** Everything about a usage question that decides what can answer it. */
export type UsageQuestion = Pick<UsagePlan, 'range' | 'bucket' | 'dimensions' | 'measures' | 'filters'> & {
  readonly customers: ReadScope['customers'];
  /** The reporting zone in which day nodes are cut. */
  readonly organizationTimeZone: string;
};

const distinctMeasures: ReadonlySet<string> = new Set(['messages', 'conversations']);
const amountMeasures: ReadonlySet<string> = new Set(['list_amount', 'effective_amount', 'charge_amount']);
const presenceFields: ReadonlySet<string> = new Set(presenceDimensions);

function fieldsOf(question: Pick<UsageQuestion, 'dimensions' | 'filters'>): string[] {
  return [...question.dimensions, ...question.filters.map((filter) => filter.field)];
}

/** The node of an id. */
export function nodeOf(id: RollupNodeId): RollupNode {
  return rollupNodes.find((node) => node.id === id) ?? rollupNodes[0];
}

/** Whether a measure counts distinct ids, which sums cannot do. */
export function isDistinctMeasure(measure: string): boolean {
  return distinctMeasures.has(measure);
}

/** Whether the node's keys hold every dimension and filter, and the customer where the scope needs it. */
export function nodeHoldsFields(node: RollupNode, question: UsageQuestion): boolean {
  const keys: ReadonlySet<string> = new Set([...node.keys, 'environment', 'currency']);
  if (question.customers !== 'all' && !keys.has('customer')) return false;
  return fieldsOf(question).every((field) => keys.has(field));
}

function isAligned(ms: number, node: RollupNode, timeZone: string): boolean {
  if (node.grain === 'quarter_hour') return ms % quarterHourMs === 0;
  return startOfDay(dayOf(ms, timeZone), timeZone) === ms;
}

/** Why a node cannot answer a question, in words for a developer, or null when it can. */
export function whyNodeCannotAnswer(id: RollupNodeId, question: UsageQuestion): string | null {
  const node = nodeOf(id);
  const { range, bucket, organizationTimeZone } = question;
  if (!nodeHoldsFields(node, question)) return `${id} is not keyed by everything that was asked for`;
  if (
    !isAligned(range.from, node, organizationTimeZone) ||
    !isAligned(range.to, node, organizationTimeZone)
  ) {
    return `the range does not begin and end with buckets of ${id}`;
  }
  if (node.grain === 'day' && bucket !== null) {
    if (bucket.grain === 'hour') return `${id} holds whole days, not hours`;
    if (bucket.timeZone !== organizationTimeZone) return `${id} holds days of ${organizationTimeZone} only`;
  }
  if (question.measures.some(isDistinctMeasure)) {
    if (node.grain !== 'day') return `${id} cannot count distinct ids`;
    if (!fieldsOf(question).every((field) => presenceFields.has(field))) {
      return 'distinct ids are not kept by everything that was asked for';
    }
  }
  return null;
}

/** Why no source at all can answer, or null: amounts of different currencies are never added. */
export function whyNothingCanAnswer(
  question: Pick<UsageQuestion, 'dimensions' | 'measures' | 'filters'>,
): string | null {
  if (!question.measures.some((measure) => amountMeasures.has(measure))) return null;
  const cut =
    question.dimensions.includes('currency') ||
    question.filters.some((filter) => filter.field === 'currency' && filter.operator === 'eq');
  return cut ? null : 'amounts need `currency` among the dimensions, since currencies are never added up';
}
