import type { Direction } from '../layers.ts';
import type { SourceFile } from './source-file.ts';

/** What a package may import of its siblings. */
export type Directions = Readonly<Record<string, Direction>>;

const workspacePackage = /^@tallykit\/([^/]+)/;

/** Imports of sibling packages that go against the direction between packages, tests included, each as a sentence. */
export function packageViolations(
  name: string,
  files: readonly SourceFile[],
  directions: Directions,
): readonly string[] {
  return files.flatMap((file) =>
    file.imports.flatMap(({ specifier, typeOnly }) => {
      const sibling = workspacePackage.exec(specifier)?.[1];
      if (sibling === undefined || sibling === name) return [];
      const allowed = directions[sibling];
      if (allowed === undefined) return [`${name}: ${file.path} must not import @tallykit/${sibling}`];
      if (allowed === 'all' || typeOnly || /\.test\.tsx?$/.test(file.path)) return [];
      const folder = allowed === 'types' ? undefined : allowed.inlined[specifier];
      if (folder === undefined || !file.path.startsWith(folder)) {
        return [`${name}: ${file.path} may import types of @tallykit/${sibling}, but no values`];
      }
      return [];
    }),
  );
}
