import { join } from 'node:path';
import { buildCheck } from './build-check.ts';
import { commandCheck, type Check } from './check.ts';
import { packedCheck } from './packed-check.ts';
import { typesCheck } from './types-check.ts';
import { vitestCheck } from './vitest-check.ts';
import { workspaceRoot } from './workspace-root.ts';

const storybook = join(workspaceRoot, 'apps/storybook/node_modules/.bin/storybook');

/** What `npm test` runs, cheapest first. Structure, byte budgets and consumers are Vitest projects. */
export const checks: readonly Check[] = [
  commandCheck('format', ['prettier', '--check', '--log-level', 'warn', '.']),
  commandCheck('lint', ['oxlint', '--type-aware', '--deny-warnings']),
  typesCheck,
  buildCheck,
  packedCheck,
  vitestCheck,
  commandCheck('storybook', [storybook, 'build', '--output-dir', 'storybook-static', '--quiet'], {
    cwd: join(workspaceRoot, 'apps/storybook'),
    env: { STORYBOOK_DISABLE_TELEMETRY: '1', CI: 'true' },
  }),
];
