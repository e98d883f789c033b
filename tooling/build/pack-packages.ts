import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand, type CommandResult } from '../checks/run-command.ts';
import { workspaceRoot } from '../checks/workspace-root.ts';
import { packageTargets } from './build-targets.ts';

const packedFolder = join(workspaceRoot, '.tmp', 'packed');

/** Folder names of the published packages. */
export const packageNames = packageTargets.map(({ folder }) => folder.replace('packages/', ''));

/** Where {@link packPackages} puts a package. */
export function tarballOf(name: string): string {
  return join(packedFolder, `tallykit-${name}.tgz`);
}

/** Packs all built packages as they would be published. Does nothing when those that are packed are those built. */
export async function packPackages(): Promise<CommandResult> {
  const stamp = join(packedFolder, 'builds');
  const builds = await Promise.all(
    packageNames.map((name) =>
      readFile(join(workspaceRoot, 'packages', name, '.tmp/build-hash'), 'utf8').catch(() => null),
    ),
  );
  const wanted = builds.includes(null) ? '' : builds.join('\n');
  const packed = await readFile(stamp, 'utf8').catch(() => '');
  if (wanted !== '' && packed === wanted) return { code: 0, output: '' };

  await rm(packedFolder, { recursive: true, force: true });
  await mkdir(packedFolder, { recursive: true });
  const pack = ['--recursive', '--filter', './packages/*', 'pack', '--out', join(packedFolder, '%s.tgz')];
  const result = await runCommand('npx', ['-y', 'pnpm@12.21.0', ...pack], {
    timeoutMs: 120_000,
    // Without this npx asks the registry about a version it has already, and waits minutes when there is no network.
    env: { npm_config_prefer_offline: 'true' },
  });
  if (result.code === 0) await writeFile(stamp, wanted);
  return result;
}
