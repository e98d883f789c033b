import * as fc from 'fast-check';
import { dayOf, addDays, startOfDay } from '../../primitives/time-bucket.ts';
import { rollupNodes, type RollupNode, type RollupNodeId } from '../../storage/contract/lattice.ts';
import { isDistinctMeasure, nodeOf, whyNodeCannotAnswer } from '../../storage/contract/node-answers.ts';
import type {
  PlanFilter,
  UsageDimension,
  UsageMeasure,
  UsagePlan,
} from '../../storage/contract/read-plan.ts';
import type { ReadScope } from '../../storage/contract/scoped-reader.ts';
import type { StorySetting } from './story.ts';

const allMeasures: readonly UsageMeasure[] = [
  'calls',
  'errors',
  'aborted_calls',
  'unattributed_calls',
  'prompt_tokens',
  'completion_tokens',
  'total_tokens',
  'pending_calls',
  'pending_tokens',
  'list_amount',
  'effective_amount',
  'charge_amount',
  'messages',
  'message_tokens',
  'conversations',
  'conversation_tokens',
];

const filterValues: Readonly<Record<UsageDimension, readonly string[]>> = {
  customer: ['c1', 'Ünï "c", {3}', 'nobody'],
  provider: ['openai'],
  model: ['small', 'large'],
  flow: ['triage', 'reply'],
  product: ['bot'],
  configuration: ['v1'],
  environment: ['production', 'test'],
  status: ['ok', 'error'],
  user: ['u1'],
  price: ['p1', 'p2'],
  currency: ['USD', 'EUR'],
};

function filterOn(field: UsageDimension): fc.Arbitrary<PlanFilter<UsageDimension>> {
  const values = filterValues[field];
  return fc.oneof(
    fc.record({
      field: fc.constant(field),
      operator: fc.constantFrom(
        'eq' as const,
        'ne' as const,
        'lt' as const,
        'gte' as const,
        'contains' as const,
      ),
      values: fc.constantFrom(...values).map((value) => [value]),
    }),
    fc.record({
      field: fc.constant(field),
      operator: fc.constant('in' as const),
      values: fc.subarray([...values]),
    }),
    fc.record({
      field: fc.constant(field),
      operator: fc.constantFrom('isNull' as const, 'notNull' as const),
      values: fc.constant([]),
    }),
  );
}

/** A question for a node that it can answer, and so can the events themselves. */
export interface StoryQuestion {
  readonly plan: UsagePlan;
  readonly customers: ReadScope['customers'];
}

function rangeOf({
  around,
  timeZone,
}: StorySetting): fc.Arbitrary<{ readonly from: number; readonly to: number }> {
  const middle = dayOf(around, timeZone);
  return fc.tuple(fc.integer({ min: -5, max: 0 }), fc.integer({ min: 1, max: 5 })).map(([back, on]) => ({
    from: startOfDay(addDays(middle, back), timeZone),
    to: startOfDay(addDays(middle, on), timeZone),
  }));
}

function bucketOf(node: RollupNode, { timeZone }: StorySetting): fc.Arbitrary<UsagePlan['bucket']> {
  const grains = ['day', 'week', 'month'] as const;
  const own = fc.constantFrom(...grains).map((grain) => ({ grain, timeZone }));
  const none = fc.constant(null);
  if (node.grain === 'day') return fc.oneof(none, own);
  const zones = fc.constantFrom('UTC', 'Asia/Kathmandu', 'Australia/Lord_Howe', timeZone);
  return fc.oneof(none, fc.record({ grain: fc.constantFrom('hour' as const, ...grains), timeZone: zones }));
}

/** Generated questions for one node. */
export function questionFor(id: RollupNodeId, setting: StorySetting): fc.Arbitrary<StoryQuestion> {
  const node = nodeOf(id);
  const keys: readonly UsageDimension[] = [...node.keys, 'environment', 'currency'];
  return fc
    .record({
      range: rangeOf(setting),
      bucket: bucketOf(node, setting),
      dimensions: fc.subarray([...keys]),
      measures: fc.oneof(
        fc.subarray([...allMeasures], { minLength: 1 }),
        fc.constantFrom(...allMeasures).map((measure) => [measure]),
      ),
      filters: fc.oneof(
        { weight: 2, arbitrary: fc.constant([]) },
        {
          weight: 1,
          arbitrary: fc
            .constantFrom(...keys)
            .chain(filterOn)
            .map((filter) => [filter]),
        },
      ),
      customers: node.keys.includes('customer')
        ? fc.constantFrom<ReadScope['customers']>('all', ['c1'], ['c2', 'Ünï "c", {3}'])
        : fc.constant<ReadScope['customers']>('all'),
      descending: fc.boolean(),
      limit: fc.constantFrom(3, 10_000),
    })
    .map(({ customers, descending, measures, ...asked }) => {
      const isCut = asked.dimensions.includes('currency');
      const summable = measures.filter((measure) => isCut || !measure.endsWith('_amount'));
      const question = { ...asked, customers, organizationTimeZone: setting.timeZone };
      const kept = summable.filter(
        (measure) =>
          !isDistinctMeasure(measure) ||
          whyNodeCannotAnswer(id, { ...question, measures: [measure] }) === null,
      );
      const [first = 'calls'] = kept;
      const plan: UsagePlan = {
        kind: 'usage',
        source: id,
        ...asked,
        measures: kept.length === 0 ? ['calls'] : kept,
        orderBy: [{ field: first, direction: descending ? 'desc' : 'asc' }],
      };
      return { plan, customers };
    });
}

/** Every node once. */
export const nodeIds: readonly RollupNodeId[] = rollupNodes.map(({ id }) => id);
