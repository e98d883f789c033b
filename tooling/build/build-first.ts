import { workspaceRoot } from '../checks/workspace-root.ts';
import { buildAll } from './build-all.ts';
import { packageTargets } from './build-targets.ts';

/** Tests of what is published need the built packages; unchanged ones are not built again. */
export async function buildFirst(): Promise<void> {
  const results = await buildAll(workspaceRoot, packageTargets, () => {});
  const failed = results.filter((result) => result.outcome === 'failed');
  if (failed.length > 0) throw new Error(failed.map(({ output }) => output).join('\n'));
}
