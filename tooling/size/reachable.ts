import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importedPath } from '../graph/source-file.ts';
import { importsOf } from '../graph/imports-of.ts';

/** What a built file pulls in, followed through its chunks. */
export interface Reach {
  /** Packages and built-ins, as written in the import. */
  readonly packages: readonly string[];
  /** Joined text of all files. */
  readonly text: string;
}

/** Follows a built module, or its declarations, from chunk to chunk, dynamic imports included. */
export async function reachOf(folder: string, entry: string): Promise<Reach> {
  const packages = new Set<string>();
  const texts = new Map<string, string>();
  const visit = async (path: string): Promise<void> => {
    if (texts.has(path)) return;
    const isDeclaration = /\.d\.c?ts$/.test(path);
    const text = await readFile(join(folder, path), 'utf8');
    texts.set(path, text);
    for (const { specifier } of importsOf(path, text)) {
      const next = importedPath(path, specifier);
      if (next === null) packages.add(specifier);
      else await visit(isDeclaration ? next.replace(/\.(c?)js$/, '.d.$1ts') : next);
    }
  };
  await visit(entry);
  return { packages: [...packages].sort(), text: [...texts.values()].join('\n') };
}
