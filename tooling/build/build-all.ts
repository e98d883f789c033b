import { buildTarget, type BuildResult } from './build-target.ts';
import type { BuildTarget } from './build-targets.ts';

/**
 * Builds targets side by side, each after those it needs. A target whose needs failed is not tried.
 *
 * @param report called once a target, as soon as it is done.
 */
export async function buildAll(
  root: string,
  targets: readonly BuildTarget[],
  report: (result: BuildResult) => void,
): Promise<readonly BuildResult[]> {
  const running = new Map<string, Promise<BuildResult>>();
  const start = async (target: BuildTarget): Promise<BuildResult> => {
    const needed = await Promise.all(target.needs.map((folder) => running.get(folder)));
    const broken = needed.find((result) => result?.outcome === 'failed');
    const result: BuildResult = broken
      ? { target, outcome: 'failed', output: `Needs ${broken.target.folder}.`, milliseconds: 0 }
      : await buildTarget(root, target);
    report(result);
    return result;
  };
  for (const target of targets) running.set(target.folder, start(target));
  return Promise.all(running.values());
}
