import { rollupNodes } from '../contract/lattice.ts';
import { nodeTable } from './rollup-columns.ts';
import type { SqlDatabase } from './sql-database.ts';

const tables = [
  'tallykit.event',
  'tallykit.cost_entry',
  'tallykit.supplied_usage',
  'tallykit.pending_call',
  'tallykit.presence',
  ...rollupNodes.map(nodeTable),
];
const leastGrowth = 1_000;

/** Keeps the planner's statistics in step with the log. */
export interface StatisticsKeeper {
  /** To be called when the sums have reached `sequence`; looks at the tables again when the log has doubled. */
  readonly logGrew: (organizationId: string, sequence: number) => Promise<void>;
}

/**
 * For an engine without autovacuum, which would leave the planner to take every table for small. A server with autovacuum
 * looks by itself, and need not be made to look at all tables in the middle of a step.
 */
export function createStatisticsKeeper(database: SqlDatabase): StatisticsKeeper {
  const lookedAt = new Map<string, number>();
  return {
    async logGrew(organizationId, sequence) {
      const before = lookedAt.get(organizationId) ?? 0;
      if (sequence - before < Math.max(leastGrowth, before)) return;
      lookedAt.set(organizationId, sequence);
      await database.query(`analyze ${tables.join(', ')}`);
    },
  };
}
