import { mkdir, readFile, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildAll } from '../../tooling/build/build-all.ts';
import { storybookTarget } from '../../tooling/build/build-targets.ts';
import { workspaceRoot } from '../../tooling/checks/workspace-root.ts';

/** One story of the built pages. */
export interface BuiltStory {
  readonly id: string;
  /** `Widgets/Token spend`. */
  readonly title: string;
  /** `Not configured`. */
  readonly name: string;
}

/** The folder of the built pages. */
export const storybookFolder = join(workspaceRoot, storybookTarget.folder, 'storybook-static');

const lock = join(workspaceRoot, storybookTarget.folder, '.tmp', 'building');
const longestBuildMs = 180_000;

/** Builds Storybook unless nothing changed, one test file at a time, and reads which stories it holds. */
export async function builtStories(): Promise<readonly BuiltStory[]> {
  await takeLock();
  try {
    const [result] = await buildAll(workspaceRoot, [storybookTarget], () => undefined);
    if (result?.outcome === 'failed') throw new Error(result.output);
  } finally {
    await rmdir(lock);
  }
  const index = JSON.parse(await readFile(join(storybookFolder, 'index.json'), 'utf8')) as {
    readonly entries: Readonly<Record<string, BuiltStory & { readonly type: string }>>;
  };
  return Object.values(index.entries)
    .filter(({ type }) => type === 'story')
    .map(({ id, title, name }) => ({ id, title, name }));
}

async function takeLock(): Promise<void> {
  await mkdir(join(lock, '..'), { recursive: true });
  for (;;) {
    try {
      await mkdir(lock);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const age = await stat(lock).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      );
      // Left behind by a run that was stopped in the middle.
      if (age > longestBuildMs) await rmdir(lock).catch(() => undefined);
      await sleep(200);
    }
  }
}
