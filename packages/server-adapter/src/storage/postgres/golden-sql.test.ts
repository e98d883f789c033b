import { describe, expect, it } from 'vitest';
import type { UsagePlan } from '../contract/read-plan.ts';
import { addLoggedFacts } from './advance-rollups.ts';
import { migrationSql } from './migrate.ts';
import { callsStatement } from './read-calls.ts';
import { factStatement } from './read-facts.ts';
import { usageStatement } from './read-usage.ts';

const from = Date.UTC(2026, 10, 19, 23);
const plan: UsagePlan = {
  kind: 'usage',
  source: 'raw',
  range: { from, to: from + 2 * 86_400_000 },
  bucket: { grain: 'day', timeZone: 'Europe/Berlin' },
  dimensions: ['model', 'currency'],
  measures: ['calls', 'total_tokens', 'charge_amount'],
  filters: [{ field: 'environment', operator: 'ne', values: ['test'] }],
  orderBy: [{ field: 'charge_amount', direction: 'desc' }],
  limit: 100,
};

const statements: readonly {
  readonly name: string;
  readonly plan: UsagePlan;
  readonly customers: 'all' | readonly string[];
}[] = [
  { name: 'usage-from-events', plan, customers: 'all' },
  { name: 'usage-from-days', plan: { ...plan, source: 'day_customer_model' }, customers: ['c1', 'c2'] },
  {
    name: 'usage-from-quarter-hours',
    plan: { ...plan, source: 'quarter_model', bucket: { grain: 'hour', timeZone: 'Asia/Kathmandu' } },
    customers: 'all',
  },
  {
    name: 'conversations-from-presence',
    plan: {
      ...plan,
      source: 'day_flow',
      dimensions: ['flow'],
      measures: ['conversations', 'messages'],
      orderBy: [],
    },
    customers: 'all',
  },
];

describe('SQL that people\u2019s questions become', () => {
  it.each(statements)('$name', async ({ name, plan: asked, customers }) => {
    const { sql, parameters } = usageStatement({
      plan: asked,
      scope: { organizationId: 'acme', customers },
      timeZone: 'Europe/Berlin',
      starts: [from, from + 86_400_000],
    });
    const lines = parameters.map((parameter, index) => `-- $${index + 1} = ${JSON.stringify(parameter)}`);
    await expect([sql, ...lines, ''].join('\n')).toMatchFileSnapshot(`__snapshots__/${name}.sql`);
  });
});

describe('SQL that questions about single events become', () => {
  const scope = { organizationId: 'acme', customers: ['c1'] } as const;
  const range = plan.range;
  const lines = ({ sql, parameters }: { sql: string; parameters: readonly unknown[] }): string =>
    [
      sql,
      ...parameters.map((parameter, index) => `-- $${index + 1} = ${JSON.stringify(parameter)}`),
      '',
    ].join('\n');

  it('counts runs as they stand', async () => {
    const statement = factStatement({
      plan: {
        kind: 'facts',
        of: 'flow_run',
        standing: true,
        range,
        bucket: { grain: 'day', timeZone: 'Europe/Berlin' },
        dimensions: ['flow'],
        measures: {
          runs: { kind: 'count' },
          talks: {
            kind: 'reached',
            of: 'conversation',
            least: [{ count: 2, where: { field: 'status', in: ['completed'] } }],
          },
          p95: { kind: 'percentile', of: 'duration', fraction: 0.95 },
        },
        filters: [{ field: 'trigger', operator: 'ne', values: ['test'] }],
        limit: 100,
      },
      scope,
      starts: [from, from + 86_400_000],
    });
    await expect(lines(statement)).toMatchFileSnapshot('__snapshots__/facts-of-runs.sql');
  });

  it('finds a page of calls', async () => {
    const statement = callsStatement(
      {
        kind: 'calls',
        range,
        filters: [
          { field: 'conversation', operator: 'eq', values: ['talk'] },
          { field: 'cost_state', operator: 'eq', values: ['pending'] },
          { field: 'error_class', operator: 'isNull', values: [] },
        ],
        before: '019aa0b1-0000-7000-8000-000000000001',
        upTo: 42,
        limit: 101,
      },
      scope,
    );
    await expect(lines(statement)).toMatchFileSnapshot('__snapshots__/page-of-calls.sql');
  });
});

describe('SQL that changes what is stored', () => {
  it('adds log entries to every sum in one statement', async () => {
    await expect(`${addLoggedFacts}\n`).toMatchFileSnapshot('__snapshots__/add-logged-facts.sql');
  });

  it('makes the schema', async () => {
    await expect(migrationSql()).toMatchFileSnapshot('__snapshots__/schema.sql');
  });
});
