import { appendFunction, appendFunctionWithSupplies } from './append-function.ts';
import { eventReads } from './event-reads.ts';
import { budgetTables } from './budget-tables.ts';
import { rollupTables } from './rollup-tables.ts';
import { tables } from './tables.ts';

/** One step of the schema. A step that was published is never edited; the next one changes what it made. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** All steps in order. Each keeps the version before it working, so that old and new processes may run side by side. */
export const migrations: readonly Migration[] = [
  { version: 1, name: 'events, costs, ledger, keys', sql: tables },
  { version: 2, name: 'rollups', sql: rollupTables },
  { version: 3, name: 'append', sql: appendFunction },
  { version: 4, name: 'budgets', sql: budgetTables },
  { version: 5, name: 'reads of single events', sql: eventReads + appendFunctionWithSupplies },
];

/** The version that this code needs. */
export const schemaVersion = migrations.at(-1)?.version ?? 0;
