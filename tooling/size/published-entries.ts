import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { workspaceRoot } from '../checks/workspace-root.ts';

type Target = string | { readonly [condition: string]: Target };

/** One sub-path that a package offers. */
export interface PublishedEntry {
  /** As a consumer writes it: `@tallykit/tracker-sdk/openai`. */
  readonly specifier: string;
  /** Built files below the package's folder that the entry may lead to, declarations apart. */
  readonly files: readonly string[];
}

/** Reads a published package's sub-paths from its manifest. */
export async function publishedEntries(name: string): Promise<readonly PublishedEntry[]> {
  const file = join(workspaceRoot, 'packages', name, 'package.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as {
    readonly name: string;
    readonly exports: Readonly<Record<string, Target>>;
  };
  return Object.entries(manifest.exports)
    .filter(([path]) => path !== './package.json')
    .map(([path, target]) => ({
      specifier: manifest.name + path.slice(1),
      files: filesOf(target),
    }));
}

function filesOf(target: Target): readonly string[] {
  if (typeof target === 'string') return [target];
  return Object.entries(target)
    .filter(([condition]) => condition !== 'dev-source' && condition !== 'types')
    .flatMap(([, nested]) => filesOf(nested));
}
