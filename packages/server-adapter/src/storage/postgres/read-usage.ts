import { sql, type RawBuilder } from 'kysely';
import { bucketsBetween, dayOf } from '../../primitives/time-bucket.ts';
import {
  isDistinctMeasure,
  nodeOf,
  whyNodeCannotAnswer,
  whyNothingCanAnswer,
} from '../contract/node-answers.ts';
import type { UsageMeasure, UsagePlan } from '../contract/read-plan.ts';
import type { Cell, ReadScope } from '../contract/scoped-reader.ts';
import { StorageError } from '../contract/storage-error.ts';
import { arrayLiteral } from './array-literal.ts';
import { shortest } from './cost-row.ts';
import { printSql } from './print-sql.ts';
import { amountColumns, dimensionColumns } from './rollup-columns.ts';
import type { SqlSession } from './sql-database.ts';
import { allOf, filterCondition } from './usage-filters.ts';
import { presenceSource, usageSource } from './usage-source.ts';

type Fragment = RawBuilder<unknown>;

const total = 'tallykit.token_total(sum(prompt_tokens)::bigint, sum(completion_tokens)::bigint)';
const amounts: ReadonlySet<string> = new Set(amountColumns);

/** How each measure is summed. Distinct counts of a node come from presence and are added later. */
const sums: Record<UsageMeasure, string> = {
  calls: 'coalesce(sum(calls), 0)',
  errors: 'coalesce(sum(errors), 0)',
  aborted_calls: 'coalesce(sum(aborted_calls), 0)',
  unattributed_calls: 'coalesce(sum(unattributed_calls), 0)',
  prompt_tokens: 'sum(prompt_tokens)',
  completion_tokens: 'sum(completion_tokens)',
  total_tokens: total,
  pending_calls: 'coalesce(sum(pending_calls), 0)',
  pending_tokens: 'case when sum(pending_reporting) > 0 then sum(pending_tokens) end',
  list_amount: 'sum(list_amount)',
  effective_amount: 'sum(effective_amount)',
  charge_amount: 'sum(charge_amount)',
  messages: 'coalesce(sum(lone_messages), 0)',
  message_tokens: total,
  // An aggregate of nothing: without groups, a constant would be one row for each row that is read.
  conversations: 'coalesce(sum(0), 0)',
  conversation_tokens: 'sum(conversation_tokens)',
};

const distinctColumns = { messages: 'message_id', conversations: 'conversation_id' } as const;

const distinctCount = (column: string): string =>
  `count(distinct case when is_present then nullif(${column}, '') end)`;

interface Asked {
  readonly plan: UsagePlan;
  readonly scope: ReadScope;
  readonly timeZone: string;
  /** Starts of the plan's buckets in Unix milliseconds; empty without a bucket. */
  readonly starts: readonly number[];
}

/** Columns that rows are grouped by: the number of the bucket, then each dimension. */
function groupColumns({
  plan,
  starts,
  timeZone,
}: Asked): { readonly name: string; readonly value: Fragment }[] {
  const isDay = plan.source !== 'raw' && nodeOf(plan.source).grain === 'day';
  const bounds = starts.map((start) => (isDay ? dayOf(start, timeZone) : new Date(start).toISOString()));
  const bucket = sql`width_bucket(bucket, ${arrayLiteral(bounds)}::${sql.raw(isDay ? 'date[]' : 'timestamptz[]')})`;
  return [
    ...(plan.bucket === null ? [] : [{ name: 'bucket_number', value: bucket }]),
    ...plan.dimensions.map((dimension) => ({
      name: dimension,
      value: sql`${sql.ref(dimensionColumns[dimension])}`,
    })),
  ];
}

function grouped(asked: Asked, source: Fragment, values: readonly Fragment[]): Fragment {
  const { plan } = asked;
  const groups = groupColumns(asked);
  const selected = [...groups.map(({ name, value }) => sql`${value} as ${sql.ref(name)}`), ...values];
  const filters = plan.filters.map((filter) => filterCondition(dimensionColumns[filter.field], filter));
  const by =
    groups.length === 0 ? sql`` : sql`group by ${sql.raw(groups.map((_, index) => index + 1).join(', '))}`;
  return sql`select ${sql.join(selected)} from (${source}) facts where ${allOf(filters)} ${by}`;
}

function summed(asked: Asked): Fragment {
  const { plan, scope, timeZone } = asked;
  const values = plan.measures.map((measure) => {
    const distinct =
      plan.source === 'raw' && isDistinctMeasure(measure)
        ? ` + ${distinctCount(distinctColumns[measure as DistinctMeasure])}`
        : '';
    return sql`${sql.raw(sums[measure] + distinct)} as ${sql.ref(measure)}`;
  });
  return grouped(asked, usageSource(plan, scope, timeZone), values);
}

type DistinctMeasure = keyof typeof distinctColumns;

// Ids are told apart before they are counted: a hash of them costs a fraction of what sorting each group's ids would.
function countedIds(asked: Asked, counted: DistinctMeasure): Fragment {
  const { plan, scope, timeZone } = asked;
  const groups = groupColumns(asked);
  const id = sql.ref(distinctColumns[counted]);
  const columns = [
    ...groups.map(({ name, value }) => sql`${value} as ${sql.ref(name)}`),
    sql`${id} as counted_id`,
  ];
  const filters = plan.filters.map((filter) => filterCondition(dimensionColumns[filter.field], filter));
  const ids = sql`select distinct ${sql.join(columns)} from (${presenceSource(plan, scope, timeZone)}) facts
    where ${allOf([...filters, sql`${id} <> ''`])}`;
  const names = groups.map(({ name }) => sql.ref(name));
  const measures = plan.measures.map((measure) => (measure === counted ? sql`count(*)` : sql`null`));
  const by = names.length === 0 ? sql`` : sql`group by ${sql.join(names)}`;
  return sql`select ${sql.join([...names, ...measures])} from (${ids}) present_ids ${by}`;
}

// Sums and counts of ids are laid one under the other and added up. A join would cost a pass over all ids for each group
// wherever the planner takes the tables for small.
function withPresence(asked: Asked): Fragment {
  const { plan } = asked;
  const counted = plan.measures.filter(isDistinctMeasure) as DistinctMeasure[];
  if (plan.source === 'raw' || counted.length === 0) return summed(asked);
  const groups = groupColumns(asked).map(({ name }) => sql.ref(name));
  const parts = [summed(asked), ...counted.map((measure) => countedIds(asked, measure))];
  const sums = plan.measures.map((measure) => sql`sum(${sql.ref(measure)}) as ${sql.ref(measure)}`);
  const by = groups.length === 0 ? sql`` : sql`group by ${sql.join(groups)}`;
  return sql`select ${sql.join([...groups, ...sums])} from (${sql.join(parts, sql` union all `)}) parts ${by}`;
}

function orderOf({ plan }: Asked): Fragment {
  const ties = [...(plan.bucket === null ? [] : ['bucket']), ...plan.dimensions];
  const order = [...plan.orderBy, ...ties.map((field) => ({ field, direction: 'asc' as const }))];
  if (order.length === 0) return sql``;
  const dimensions: readonly string[] = plan.dimensions;
  const terms = order.map(({ field, direction }) => {
    const way = sql.raw(direction);
    if (field === 'bucket') return sql`bucket_number ${way}`;
    const column = sql`answer.${sql.ref(field)}`;
    return dimensions.includes(field)
      ? sql`nullif(${column}, '') collate "C" ${way} nulls last`
      : sql`${column} ${way} nulls last`;
  });
  return sql`order by ${sql.join(terms)}`;
}

/** The one statement that answers a usage plan. Exported for the snapshot of its text. */
export function usageStatement(asked: Asked): {
  readonly sql: string;
  readonly parameters: readonly unknown[];
} {
  const { plan } = asked;
  const columns = [
    ...(plan.bucket === null ? [] : [sql`bucket_number`]),
    ...plan.dimensions.map(
      (dimension) => sql`nullif(answer.${sql.ref(dimension)}, '') as ${sql.ref(dimension)}`,
    ),
    ...plan.measures.map((measure) => {
      const type = sql.raw(amounts.has(measure) ? 'text' : 'float8');
      return sql`answer.${sql.ref(measure)}::${type} as ${sql.ref(measure)}`;
    }),
  ];
  return printSql(
    sql`select ${sql.join(columns)} from (${withPresence(asked)}) answer ${orderOf(asked)} limit ${plan.limit}`,
  );
}

function check({ plan, scope, timeZone }: Omit<Asked, 'starts'>): void {
  const question = { ...plan, customers: scope.customers, organizationTimeZone: timeZone };
  const why =
    whyNothingCanAnswer(plan) ?? (plan.source === 'raw' ? null : whyNodeCannotAnswer(plan.source, question));
  if (why !== null) throw new StorageError('unsupported_plan', `The plan cannot be read: ${why}.`);
}

/** Reads the rows of a usage plan. */
export async function readUsage(
  session: SqlSession,
  asked: Omit<Asked, 'starts'>,
): Promise<Readonly<Record<string, Cell>>[]> {
  check(asked);
  const { plan } = asked;
  if (plan.measures.length === 0 && plan.dimensions.length === 0 && plan.bucket === null) return [{}];
  const spans =
    plan.bucket === null ? [] : bucketsBetween(plan.range, plan.bucket.grain, plan.bucket.timeZone);
  if (plan.bucket !== null && spans.length === 0) return [];
  const starts = spans.map(({ start }) => start);
  const statement = usageStatement({ ...asked, starts });
  const rows = await session.query<Record<string, Cell>>(statement.sql, statement.parameters);
  return rows.map(({ bucket_number: number, ...row }) => {
    const cells = Object.fromEntries(
      Object.entries(row).map(([name, cell]) => [
        name,
        amounts.has(name) ? shortest(cell as string | null) : cell,
      ]),
    );
    return plan.bucket === null ? cells : { bucket: starts[Number(number) - 1] ?? null, ...cells };
  });
}
