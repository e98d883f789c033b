import { buildAll } from '../build/build-all.ts';
import { demoTarget, packageTargets } from '../build/build-targets.ts';
import type { Check } from './check.ts';
import { oneFailed, onePassed } from './tally.ts';
import { workspaceRoot } from './workspace-root.ts';

/** One test a package: it builds. */
export const buildCheck: Check = {
  name: 'build',
  run: async () => {
    const results = await buildAll(workspaceRoot, [...packageTargets, demoTarget], () => {});
    return results.map(({ target, outcome, output }) => ({
      title: `build of ${target.folder} (${outcome})`,
      tally: outcome === 'failed' ? oneFailed : onePassed,
      output,
    }));
  },
};
