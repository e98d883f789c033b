import { buildCheck } from './build-check.ts';
import { commandCheck, type Check } from './check.ts';
import { packedCheck } from './packed-check.ts';
import { typesCheck } from './types-check.ts';
import { vitestCheck } from './vitest-check.ts';

/** What `npm test` runs, cheapest first. Structure, byte budgets and consumers are Vitest projects. */
export const checks: readonly Check[] = [
  commandCheck('format', ['prettier', '--check', '--log-level', 'warn', '.']),
  commandCheck('lint', ['oxlint', '--type-aware', '--deny-warnings']),
  typesCheck,
  buildCheck,
  packedCheck,
  vitestCheck,
];
