import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../checks/run-command.ts';
import type { BuildTarget } from './build-targets.ts';
import { hashInputs } from './input-hash.ts';
import { withLock } from './with-lock.ts';

/** What came of one target. */
export interface BuildResult {
  readonly target: BuildTarget;
  readonly outcome: 'built' | 'unchanged' | 'failed';
  /** What the build printed, when it failed. */
  readonly output: string;
  readonly milliseconds: number;
}

// A change in any of these can change every bundle.
const sharedInputs = ['tooling/build', 'tooling/tsconfig', 'pnpm-lock.yaml'];

/** Builds a target unless its inputs are those of the last good build. */
export function buildTarget(root: string, target: BuildTarget): Promise<BuildResult> {
  return withLock(join(root, target.folder, '.tmp', 'build-lock'), () => buildAlone(root, target));
}

async function buildAlone(root: string, target: BuildTarget): Promise<BuildResult> {
  const started = performance.now();
  const finish = (outcome: BuildResult['outcome'], output = ''): BuildResult => ({
    target,
    outcome,
    output,
    milliseconds: performance.now() - started,
  });
  const folder = join(root, target.folder);
  const stamp = join(folder, '.tmp', 'build-hash');
  const wanted = await hashInputs(root, [...sharedInputs, ...target.needs, target.folder]);
  const last = await readFile(stamp, 'utf8').catch(() => '');
  if (last === wanted && existsSync(join(folder, target.output))) return finish('unchanged');

  const [command, ...args] = target.command;
  const result = await runCommand(command, args, { cwd: folder, timeoutMs: 180_000 });
  if (result.code !== 0) return finish('failed', result.output);
  if (!existsSync(join(folder, target.output))) {
    return finish('failed', `${target.folder} was built without writing ${target.output}.\n${result.output}`);
  }
  await mkdir(join(folder, '.tmp'), { recursive: true });
  await writeFile(stamp, wanted);
  return finish('built');
}
