import type { PackageLayers } from '../layers.ts';
import { importedPath, isTestFile, type SourceFile } from './source-file.ts';

/** Where a file stands: the group, and the folder within the group that it may import freely. */
interface Standing {
  readonly group: string;
  readonly folder: string;
}

/** Imports inside one package that go against its layers, each as a sentence. */
export function layerViolations(files: readonly SourceFile[], layers: PackageLayers): readonly string[] {
  return files
    .filter((file) => !isTestFile(file.path))
    .flatMap((file) => {
      const from = standingOf(file.path, layers);
      if (!from) return [`${file.path} belongs to no group of tooling/layers.ts; give it a place there`];
      return file.imports.flatMap(({ specifier }) => {
        const target = importedPath(file.path, specifier);
        const to = target === null ? null : standingOf(target, layers);
        if (target === null || to === null || allowed(from, to, layers)) return [];
        return [`${file.path} (${from.group}) must not import ${target} (${to.group})`];
      });
    });
}

function allowed(from: Standing, to: Standing, layers: PackageLayers): boolean {
  if (from.group === to.group) return from.folder === to.folder;
  const mayImport = layers[from.group]?.mayImport ?? [];
  return mayImport === '*' || mayImport.includes(to.group);
}

function standingOf(path: string, layers: PackageLayers): Standing | null {
  let best: Standing | null = null;
  let longest = -1;
  for (const [group, { paths }] of Object.entries(layers)) {
    for (const pattern of paths) {
      const match = matchPath(path, pattern);
      if (match === null || match.length <= longest) continue;
      longest = match.length;
      // Files named in a table row stand together; folders named in it stand apart.
      best = { group, folder: pattern.endsWith('/') ? match : group };
    }
  }
  return best;
}

function matchPath(path: string, pattern: string): string | null {
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.]/g, '\\.'))
    .join('[^/]+');
  const ending = pattern.endsWith('/') ? '' : '$';
  return new RegExp(`^${source}${ending}`).exec(path)?.[0] ?? null;
}
