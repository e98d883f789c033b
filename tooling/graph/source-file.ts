import { readdir, readFile } from 'node:fs/promises';
import { join, posix, relative, sep } from 'node:path';
import { importsOf, type ModuleImport } from './imports-of.ts';

/** A TypeScript file and what it imports. */
export interface SourceFile {
  /** Relative to the folder that was read, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly ModuleImport[];
}

/** Makes a {@link SourceFile} from text. */
export function sourceFile(path: string, text: string): SourceFile {
  return { path, text, imports: importsOf(path, text) };
}

/** Reads every `.ts` and `.tsx` file below a folder; nothing when the folder does not exist. */
export async function readSources(folder: string): Promise<readonly SourceFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !/(^|\/)(node_modules|dist|\.tmp|\.data)\//.test(path))
    .sort();
  return Promise.all(paths.map(async (path) => sourceFile(path, await readFile(join(folder, path), 'utf8'))));
}

/** The path that a relative import leads to, or null for a package. */
export function importedPath(importer: string, specifier: string): string | null {
  return specifier.startsWith('.') ? posix.join(posix.dirname(importer), specifier) : null;
}

/** True for tests, stories and fixtures: they never reach a bundle. */
export function isTestFile(path: string): boolean {
  return /\.(test|test-d|stories)\.tsx?$|(^|\/)__fixtures__\//.test(path);
}
