import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, realpath, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packageNames, packPackages, tarballOf } from '../../tooling/build/pack-packages.ts';
import { buildFirst } from '../../tooling/build/build-first.ts';
import { runCommand } from '../../tooling/checks/run-command.ts';
import { workspaceRoot } from '../../tooling/checks/workspace-root.ts';

const fixtures = join(workspaceRoot, 'e2e/consumers/fixtures');
const assembled = join(workspaceRoot, '.tmp/consumers');

/** Builds and packs the packages, once before the consumers of a test file. */
export async function packFirst(): Promise<void> {
  await buildFirst();
  const packed = await packPackages();
  if (packed.code !== 0) throw new Error(packed.output);
}

/**
 * Copies a fixture out of the workspace's reach of resolution and gives it a `node_modules` with the packed packages,
 * unpacked as an installer would, and links to the libraries it names in `hostPackages`. Each Tallykit package sees
 * exactly the dependencies its published manifest lists. Nothing is downloaded.
 *
 * @param name of the consumer; the fixture's own unless one fixture serves several.
 * @returns the folder of the consumer.
 */
export async function assembleConsumer(
  fixture: string,
  hostPackages: readonly string[],
  name = fixture,
): Promise<string> {
  const folder = join(assembled, name);
  await rm(folder, { recursive: true, force: true });
  await cp(join(fixtures, fixture), folder, { recursive: true });
  for (const each of packageNames) await unpack(each, folder);
  for (const library of hostPackages) {
    const installed = ['e2e', '.', 'packages/server-adapter', 'packages/client', 'packages/tracker-sdk'].map(
      (each) => join(workspaceRoot, each, 'node_modules', library),
    );
    const source = installed.find(existsSync);
    if (source === undefined)
      throw new Error(`${library} is no dependency of e2e or the workspace, so no consumer can have it`);
    await link(source, join(folder, 'node_modules', library));
  }
  return folder;
}

async function unpack(name: string, consumer: string): Promise<void> {
  const folder = join(consumer, 'node_modules/@tallykit', name);
  await mkdir(folder, { recursive: true });
  const unpacked = await runCommand('tar', ['-xzf', tarballOf(name), '-C', folder, '--strip-components=1'], {
    timeoutMs: 30_000,
  });
  if (unpacked.code !== 0) throw new Error(unpacked.output);
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  // Sibling packages are found beside this one; peers are the host's to bring.
  for (const dependency of Object.keys(manifest.dependencies ?? {})) {
    if (dependency.startsWith('@tallykit/')) continue;
    const source = join(workspaceRoot, 'packages', name, 'node_modules', dependency);
    await link(source, join(folder, 'node_modules', dependency));
  }
}

async function link(source: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  // A library may be both what the host brings and what one of the packages depends on.
  await rm(target, { recursive: true, force: true });
  await symlink(await realpath(source), target, 'junction');
}

/** Names of the fixtures, so that a test can see that none is left out. */
export async function fixtureNames(): Promise<readonly string[]> {
  const entries = await readdir(fixtures, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
