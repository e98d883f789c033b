import { addDecimals } from '../../primitives/money.ts';
import { bucketStart } from '../../primitives/time-bucket.ts';
import type {
  PlanFilter,
  UsageDimension,
  UsageMeasure,
  UsagePlan,
} from '../../storage/contract/read-plan.ts';
import type { Cell, ReadScope } from '../../storage/contract/scoped-reader.ts';
import { compareCells, compareText } from './compare-cells.ts';
import { usageFacts, type UsageFact } from './usage-facts.ts';
import type { OrganizationState } from './organization-state.ts';

/** Whether a value meets a condition. */
export function meets(value: string | null, { operator, values }: PlanFilter): boolean {
  if (operator === 'isNull') return value === null;
  if (operator === 'notNull') return value !== null;
  const texts = values.map(String);
  const wanted = texts[0] ?? '';
  if (operator === 'ne') return value !== wanted;
  if (value === null) return false;
  if (operator === 'eq') return value === wanted;
  if (operator === 'in') return texts.includes(value);
  if (operator === 'contains') return value.includes(wanted);
  const order = compareText(value, wanted);
  if (operator === 'lt') return order < 0;
  if (operator === 'lte') return order <= 0;
  return operator === 'gt' ? order > 0 : order >= 0;
}

/** Whether a customer is in scope. */
export function inScope(customer: string | null | undefined, scope: ReadScope): boolean {
  return scope.customers === 'all' || (customer != null && scope.customers.includes(customer));
}

const count = (facts: readonly UsageFact[], pick: (fact: UsageFact) => number): number =>
  facts.reduce((sum, fact) => sum + pick(fact), 0);

function sumOrNull(facts: readonly UsageFact[], pick: (fact: UsageFact) => number | null): number | null {
  const reported = facts.map(pick).filter((value) => value !== null);
  return reported.length === 0 ? null : reported.reduce((sum, value) => sum + value, 0);
}

function amountOrNull(facts: readonly UsageFact[], pick: (fact: UsageFact) => string | null): string | null {
  const known = facts.map(pick).filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => addDecimals(sum, value), '0');
}

function distinct(facts: readonly UsageFact[], pick: (fact: UsageFact) => string | null): number {
  return new Set(facts.map(pick).filter((value) => value !== null)).size;
}

const measures: Record<UsageMeasure, (facts: readonly UsageFact[]) => Cell> = {
  calls: (facts) => count(facts, (fact) => fact.calls),
  errors: (facts) => count(facts, (fact) => fact.errors),
  aborted_calls: (facts) => count(facts, (fact) => fact.abortedCalls),
  unattributed_calls: (facts) => count(facts, (fact) => fact.unattributedCalls),
  prompt_tokens: (facts) => sumOrNull(facts, (fact) => fact.promptTokens),
  completion_tokens: (facts) => sumOrNull(facts, (fact) => fact.completionTokens),
  total_tokens: (facts) => sumOrNull(facts, (fact) => fact.totalTokens),
  pending_calls: (facts) => count(facts, (fact) => fact.pendingCalls),
  pending_tokens: (facts) => sumOrNull(facts, (fact) => fact.pendingTokens),
  list_amount: (facts) => amountOrNull(facts, (fact) => fact.list),
  effective_amount: (facts) => amountOrNull(facts, (fact) => fact.effective),
  charge_amount: (facts) => amountOrNull(facts, (fact) => fact.charge),
  messages: (facts) => distinct(facts, (fact) => fact.message),
  message_tokens: (facts) => sumOrNull(facts, (fact) => fact.totalTokens),
  conversations: (facts) => distinct(facts, (fact) => fact.conversation),
  conversation_tokens: (facts) =>
    sumOrNull(facts, (fact) => (fact.conversation === null ? null : fact.totalTokens)),
};

function keyOf(plan: UsagePlan, fact: UsageFact): Record<string, Cell> {
  const key: Record<string, Cell> = {};
  if (plan.bucket !== null)
    key['bucket'] = bucketStart(fact.occurredAt, plan.bucket.grain, plan.bucket.timeZone);
  for (const dimension of plan.dimensions) key[dimension] = fact.keys[dimension];
  return key;
}

/** Sums of calls, by going through all of them. */
export function readUsage(
  state: OrganizationState,
  scope: ReadScope,
  plan: UsagePlan,
): Record<string, Cell>[] {
  const upTo = plan.source === 'raw' ? state.sequence : state.cursor;
  const chosen = usageFacts(state, upTo).filter(
    (fact) =>
      fact.occurredAt >= plan.range.from &&
      fact.occurredAt < plan.range.to &&
      inScope(fact.keys.customer, scope) &&
      plan.filters.every((filter) => meets(fact.keys[filter.field], filter)),
  );
  const groups = new Map<string, { key: Record<string, Cell>; facts: UsageFact[] }>();
  if (plan.bucket === null && plan.dimensions.length === 0) groups.set('{}', { key: {}, facts: [] });
  for (const fact of chosen) {
    const key = keyOf(plan, fact);
    const id = JSON.stringify(key);
    const group = groups.get(id) ?? { key, facts: [] };
    group.facts.push(fact);
    groups.set(id, group);
  }
  const rows = [...groups.values()].map(({ key, facts }) => ({
    ...key,
    ...Object.fromEntries(plan.measures.map((measure) => [measure, measures[measure](facts)])),
  }));
  return sortRows(plan, rows).slice(0, plan.limit);
}

function sortRows(plan: UsagePlan, rows: Record<string, Cell>[]): Record<string, Cell>[] {
  const ties: readonly (UsageDimension | 'bucket')[] = ['bucket', ...plan.dimensions];
  const order = [...plan.orderBy, ...ties.map((field) => ({ field, direction: 'asc' as const }))];
  return rows.sort((a, b) => {
    for (const { field, direction } of order) {
      const decimal = field.endsWith('_amount');
      const result = compareCells(a[field] ?? null, b[field] ?? null, {
        decimal,
        descending: direction === 'desc',
      });
      if (result !== 0) return result;
    }
    return 0;
  });
}
