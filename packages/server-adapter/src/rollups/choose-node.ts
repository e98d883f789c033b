import { rollupNodes, type RollupNodeId } from '../storage/contract/lattice.ts';
import {
  isDistinctMeasure,
  nodeHoldsFields,
  whyNodeCannotAnswer,
  type UsageQuestion,
} from '../storage/contract/node-answers.ts';
import type { ReadScope } from '../storage/contract/scoped-reader.ts';

const longestRawSpanMs = 31 * 86_400_000 + 7_200_000;

/** A usage question with the scope it is asked in. */
export type ChoiceQuestion = Omit<UsageQuestion, 'customers'> & { readonly scope: ReadScope };

function asksOneCustomer({ scope, filters }: ChoiceQuestion): boolean {
  if (scope.customers !== 'all') return scope.customers.length === 1;
  return filters.some(({ field, operator }) => field === 'customer' && operator === 'eq');
}

/**
 * What should answer a usage question: the coarsest node of the lattice that can, else the events themselves where that
 * stays small (at most 31 days, and either one customer or dimensions that some node holds), else `null`: too detailed.
 * A range that does not begin and end with buckets keeps every node from answering, so widen it first.
 *
 * @example
 * chooseSource({ dimensions: ['flow'], filters: [], measures: ['calls'], bucket: { grain: 'day', timeZone: 'UTC' },
 *   range, organizationTimeZone: 'UTC', scope }); // 'day_flow'
 */
export function chooseSource(question: ChoiceQuestion): RollupNodeId | 'raw' | null {
  const asked: UsageQuestion = { ...question, customers: question.scope.customers };
  const node = rollupNodes.find(({ id }) => whyNodeCannotAnswer(id, asked) === null);
  if (node !== undefined) return node.id;
  const { from, to } = question.range;
  if (to - from > longestRawSpanMs) return null;
  const keptSomewhere = rollupNodes.some((candidate) => nodeHoldsFields(candidate, asked));
  return asksOneCustomer(question) || keptSomewhere || question.measures.some(isDistinctMeasure)
    ? 'raw'
    : null;
}
