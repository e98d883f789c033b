import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commandFinding, type Check } from './check.ts';
import { inPairs } from './in-pairs.ts';
import { workspaceRoot } from './workspace-root.ts';

const projects = [
  'packages/protocol',
  'packages/tracker-sdk',
  'packages/server-adapter',
  'packages/client',
  'packages/widgets',
  'apps/demo',
  'apps/storybook',
  'e2e',
  'benchmarks',
  'tooling',
];

/** One test a TypeScript project: it compiles strictly, tests and type tests included. */
export const typesCheck: Check = {
  name: 'types',
  run: () =>
    inPairs(
      projects
        .filter((project) => existsSync(join(workspaceRoot, project, 'tsconfig.json')))
        .map((project) => () => commandFinding(`types of ${project}`, ['tsc', '--noEmit', '-p', project])),
    ),
};
