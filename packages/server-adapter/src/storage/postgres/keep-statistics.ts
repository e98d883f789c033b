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
const growthShare = 0.25;

/** Keeps the planner's statistics in step with the log. */
export interface StatisticsKeeper {
  /** To be called when the sums have reached `sequence`; looks at the tables again when the log has grown by a quarter. */
  readonly logGrew: (organizationId: string, sequence: number) => Promise<void>;
}

/**
 * The embedded engine has no autovacuum, and a server's comes a minute late. Without statistics the planner takes a table
 * for empty and joins events with their costs in a loop within a loop: five thousand calls then take seconds.
 */
export function createStatisticsKeeper(database: SqlDatabase): StatisticsKeeper {
  const lookedAt = new Map<string, number>();
  return {
    async logGrew(organizationId, sequence) {
      const before = lookedAt.get(organizationId) ?? 0;
      if (sequence - before < Math.max(leastGrowth, before * growthShare)) return;
      lookedAt.set(organizationId, sequence);
      await database.query(`analyze ${tables.join(', ')}`);
    },
  };
}
