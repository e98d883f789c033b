import { describe, expect, it } from 'vitest';
import type { UsagePlan } from '../contract/read-plan.ts';
import { addLoggedFacts } from './advance-rollups.ts';
import { migrationSql } from './migrate.ts';
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

describe('SQL that changes what is stored', () => {
  it('adds log entries to every sum in one statement', async () => {
    await expect(`${addLoggedFacts}\n`).toMatchFileSnapshot('__snapshots__/add-logged-facts.sql');
  });

  it('makes the schema', async () => {
    await expect(migrationSql()).toMatchFileSnapshot('__snapshots__/schema.sql');
  });
});
