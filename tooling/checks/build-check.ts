import { buildAll } from '../build/build-all.ts';
import { demoTarget, packageTargets, storybookTarget } from '../build/build-targets.ts';
import type { Check } from './check.ts';
import { oneFailed, onePassed } from './tally.ts';
import { workspaceRoot } from './workspace-root.ts';

/** One test for each thing that is built: packages, demo and Storybook. */
export const buildCheck: Check = {
  name: 'build',
  run: async () => {
    const results = await buildAll(workspaceRoot, [...packageTargets, demoTarget, storybookTarget], () => {});
    return results.map(({ target, outcome, output }) => ({
      title: `build of ${target.folder} (${outcome})`,
      tally: outcome === 'failed' ? oneFailed : onePassed,
      output,
    }));
  },
};
