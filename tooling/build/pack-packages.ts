import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand, type CommandResult } from '../checks/run-command.ts';
import { workspaceRoot } from '../checks/workspace-root.ts';
import { packageTargets } from './build-targets.ts';

const packedFolder = join(workspaceRoot, '.tmp', 'packed');

/** Folder names of the published packages. */
export const packageNames = packageTargets.map(({ folder }) => folder.replace('packages/', ''));

/** Where {@link packPackages} puts a package. */
export function tarballOf(name: string): string {
  return join(packedFolder, `${name}.tgz`);
}

/** Packs all built packages as they would be published. */
export async function packPackages(): Promise<CommandResult> {
  await rm(packedFolder, { recursive: true, force: true });
  await mkdir(packedFolder, { recursive: true });
  let output = '';
  for (const name of packageNames) {
    const result = await runCommand('npx', ['-y', 'pnpm@12.21.0', 'pack', '--out', tarballOf(name)], {
      cwd: join(workspaceRoot, 'packages', name),
      timeoutMs: 120_000,
    });
    output += result.output;
    if (result.code !== 0) return { code: result.code, output };
  }
  return { code: 0, output };
}
