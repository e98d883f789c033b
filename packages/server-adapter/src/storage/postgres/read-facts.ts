import { sql, type RawBuilder } from 'kysely';
import { bucketsBetween } from '../../primitives/time-bucket.ts';
import { eventNumberPaths, type EventField, type EventNumber } from '../contract/event-fields.ts';
import {
  longestRunMs,
  type FactAggregate,
  type FactCondition,
  type FactPlan,
} from '../contract/read-plan.ts';
import type { Cell, ReadScope } from '../contract/scoped-reader.ts';
import { arrayLiteral } from './array-literal.ts';
import { shortest } from './cost-row.ts';
import { fieldNumber, fieldText } from './event-field-columns.ts';
import { printSql } from './print-sql.ts';
import type { SqlSession } from './sql-database.ts';
import { allOf, filterCondition, scopeCondition } from './usage-filters.ts';
import { idRange } from './usage-source.ts';

type Fragment = RawBuilder<unknown>;

interface Asked {
  readonly plan: FactPlan;
  readonly scope: ReadScope;
  /** Starts of the plan's buckets in Unix milliseconds; empty without a bucket. */
  readonly starts: readonly number[];
}

const instant = (ms: number): string => new Date(ms).toISOString();
const runFields: readonly EventField[] = ['customer', 'flow', 'run'];

function conditionsOf(aggregate: FactAggregate): readonly FactCondition[] {
  if (aggregate.kind === 'reached') return aggregate.least.map(({ where }) => where);
  return aggregate.where === undefined ? [] : [aggregate.where];
}

function fieldsOf({ dimensions, filters, measures, standing }: FactPlan): readonly EventField[] {
  const measured = Object.values(measures).flatMap((aggregate) => [
    ...conditionsOf(aggregate).map(({ field }) => field),
    ...(aggregate.kind === 'distinct' || aggregate.kind === 'reached' ? [aggregate.of] : []),
  ]);
  const runs: readonly EventField[] = standing ? [...runFields, 'status'] : [];
  return [...new Set([...dimensions, ...filters.map(({ field }) => field), ...measured, ...runs])];
}

function numbersOf({ measures }: FactPlan): readonly EventNumber[] {
  const used = new Set(
    Object.values(measures).flatMap((aggregate) =>
      (aggregate.kind === 'sum' || aggregate.kind === 'percentile' || aggregate.kind === 'count') &&
      aggregate.of !== undefined
        ? [aggregate.of]
        : [],
    ),
  );
  return (Object.keys(eventNumberPaths) as EventNumber[]).filter((name) => used.has(name));
}

// Fields are texts, `''` for none; the names of the numbers are no fields.
function eventsOf({ plan, scope }: Asked): Fragment {
  const { range, standing } = plan;
  const slack = standing ? longestRunMs : 0;
  const read = { from: Math.max(0, range.from - slack), to: range.to + slack };
  const columns = [
    ...fieldsOf(plan).map((field) => sql`${fieldText(field)} as ${sql.ref(field)}`),
    ...numbersOf(plan).map((number) => sql`${fieldNumber(number)} as ${sql.ref(number)}`),
  ];
  return sql`select ${sql.join([sql`e.id as event_id`, sql`e.occurred_at`, ...columns])} from tallykit.event e
    where e.organization_id = ${scope.organizationId} and e.kind = ${plan.of} and ${idRange('e.id', read)}
      and e.occurred_at >= ${instant(read.from)} and e.occurred_at < ${instant(read.to)}
      and ${scopeCondition('e.customer_id', scope)}`;
}

function factsOf(asked: Asked): Fragment {
  const { plan } = asked;
  const { from, to } = plan.range;
  const filters = plan.filters.map((filter) => filterCondition(filter.field, filter));
  if (!plan.standing) return sql`select * from (${eventsOf(asked)}) facts where ${allOf(filters)}`;
  const run = sql.join(runFields.map((field) => sql.ref(field)));
  return sql`select * from (
      select told.*, min(occurred_at) over (partition by ${run}) as began,
        row_number() over (partition by ${run} order by (status = 'running'), occurred_at desc, event_id desc) as place
      from (${eventsOf(asked)}) told
    ) facts where place = 1 and began >= ${instant(from)} and began < ${instant(to)} and ${allOf(filters)}`;
}

function holds({ field, in: values }: FactCondition): Fragment {
  return sql`${sql.ref(field)} = any (${arrayLiteral(values)}::text[])`;
}

function figureOf(aggregate: Exclude<FactAggregate, { kind: 'reached' }>): Fragment {
  const only = aggregate.where === undefined ? sql`` : sql` filter (where ${holds(aggregate.where)})`;
  switch (aggregate.kind) {
    case 'count':
      return sql`count(${aggregate.of === undefined ? sql`*` : sql.ref(aggregate.of)})${only}::numeric`;
    case 'distinct':
      return sql`count(distinct nullif(${sql.ref(aggregate.of)}, ''))${only}::numeric`;
    case 'sum':
      return sql`sum(${sql.ref(aggregate.of)})${only}`;
    case 'percentile':
      return sql`percentile_disc(${sql.raw(String(aggregate.fraction))}) within group (order by ${sql.ref(aggregate.of)})${only}`;
  }
}

interface Group {
  readonly name: string;
  readonly value: Fragment;
}

function groupsOf({ plan, starts }: Asked): readonly Group[] {
  const at = sql.ref(plan.standing ? 'began' : 'occurred_at');
  const bounds = arrayLiteral(starts.map(instant));
  return [
    ...(plan.bucket === null
      ? []
      : [{ name: 'bucket_number', value: sql`width_bucket(${at}, ${bounds}::timestamptz[])` }]),
    ...plan.dimensions.map((dimension) => ({ name: dimension, value: sql.ref(dimension) })),
  ];
}

const groupBy = (count: number): Fragment =>
  count === 0
    ? sql``
    : sql.raw(`group by ${Array.from({ length: count }, (_, index) => index + 1).join(', ')}`);

/** One figure a column; every part has all columns, null where another part brings the figure. */
function partsOf(asked: Asked): readonly Fragment[] {
  const groups = groupsOf(asked);
  const named = groups.map(({ name, value }) => sql`${value} as ${sql.ref(name)}`);
  const measures = Object.entries(asked.plan.measures);
  const part = (source: Fragment, values: readonly Fragment[], selected: readonly Fragment[]): Fragment =>
    sql`select ${sql.join([...selected, ...values, sql`0 as part`])} from (${source}) facts ${groupBy(groups.length)}`;
  const plain = measures.map(([name, aggregate]) => {
    const value = aggregate.kind === 'reached' ? sql`null::numeric` : figureOf(aggregate);
    return sql`${value} as ${sql.ref(name)}`;
  });
  const reached = measures.flatMap(([name, aggregate]) => {
    if (aggregate.kind !== 'reached') return [];
    const least = aggregate.least.map(
      ({ count, where }) => sql`count(*) filter (where ${holds(where)}) >= ${count}`,
    );
    const keys = sql`select ${sql.join([...named, sql`${sql.ref(aggregate.of)} as reached_key`])}
      from (${factsOf(asked)}) facts where ${sql.ref(aggregate.of)} <> ''
      ${groupBy(groups.length + 1)} having ${allOf(least)}`;
    const values = measures.map(([other]) => (other === name ? sql`count(*)::numeric` : sql`null::numeric`));
    return [
      part(
        keys,
        values,
        groups.map((group) => sql.ref(group.name)),
      ),
    ];
  });
  return [part(factsOf(asked), plain, named), ...reached];
}

/** The one statement that answers a plan over facts. Exported for the snapshot of its text. */
export function factStatement(asked: Asked): {
  readonly sql: string;
  readonly parameters: readonly unknown[];
} {
  const { plan } = asked;
  const groups = groupsOf(asked);
  const columns = [
    ...groups.map(({ name }) =>
      name === 'bucket_number' ? sql.ref(name) : sql`nullif(${sql.ref(name)}, '') as ${sql.ref(name)}`,
    ),
    ...Object.entries(plan.measures).map(([name, { kind }]) => {
      const value = sql`sum(${sql.ref(name)})`;
      if (kind === 'sum') return sql`${value}::text as ${sql.ref(name)}`;
      return kind === 'percentile'
        ? sql`${value}::float8 as ${sql.ref(name)}`
        : sql`coalesce(${value}, 0)::float8 as ${sql.ref(name)}`;
    }),
  ];
  const keys = groups.map(({ name }) => sql`parts.${sql.ref(name)}`);
  const by = keys.length === 0 ? sql`` : sql`group by ${sql.join(keys)}`;
  const terms = groups.map(({ name }) =>
    name === 'bucket_number'
      ? sql`parts.bucket_number`
      : sql`nullif(parts.${sql.ref(name)}, '') collate "C" nulls last`,
  );
  const order = terms.length === 0 ? sql`` : sql`order by ${sql.join(terms)}`;
  return printSql(
    sql`select ${sql.join([...columns, sql`sum(part)::float8 as part`])} from (${sql.join([...partsOf(asked)], sql` union all `)}) parts
      ${by} ${order} limit ${plan.limit}`,
  );
}

/** Reads the rows of a plan over facts. */
export async function readFacts(
  session: SqlSession,
  { plan, scope }: Omit<Asked, 'starts'>,
): Promise<Readonly<Record<string, Cell>>[]> {
  const spans =
    plan.bucket === null ? [] : bucketsBetween(plan.range, plan.bucket.grain, plan.bucket.timeZone);
  if (plan.bucket !== null && spans.length === 0) return [];
  const starts = spans.map(({ start }) => start);
  const statement = factStatement({ plan, scope, starts });
  const rows = await session.query<Record<string, Cell>>(statement.sql, statement.parameters);
  return rows.map(({ bucket_number: number, part: _part, ...row }) => {
    const cells = Object.fromEntries(
      Object.entries(row).map(([name, cell]) => [
        name,
        plan.measures[name]?.kind === 'sum' ? shortest(cell as string | null) : cell,
      ]),
    );
    return plan.bucket === null ? cells : { bucket: starts[Number(number) - 1] ?? null, ...cells };
  });
}
