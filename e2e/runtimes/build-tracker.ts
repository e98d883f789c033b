import { buildAll } from '../../tooling/build/build-all.ts';
import { packageTargets } from '../../tooling/build/build-targets.ts';
import { workspaceRoot } from '../../tooling/checks/workspace-root.ts';

const needed = ['packages/protocol', 'packages/tracker-sdk'];

/** Builds what runs outside of Node here, unless it is built already. */
export async function buildTracker(): Promise<void> {
  const targets = packageTargets.filter(({ folder }) => needed.includes(folder));
  const failed = (await buildAll(workspaceRoot, targets, () => {})).filter(
    ({ outcome }) => outcome === 'failed',
  );
  if (failed.length > 0) throw new Error(failed.map(({ output }) => output).join('\n'));
}
