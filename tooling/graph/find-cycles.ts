import { importedPath, isTestFile, type SourceFile } from './source-file.ts';

/**
 * Groups of files that import each other in a ring, types included (Tarjan's strongly connected components).
 *
 * @returns each ring's paths in order of name; empty when there is none.
 */
export function findCycles(files: readonly SourceFile[]): readonly (readonly string[])[] {
  const graph = new Map(
    files
      .filter((file) => !isTestFile(file.path))
      .map((file) => [
        file.path,
        file.imports.flatMap(({ specifier }) => importedPath(file.path, specifier) ?? []),
      ]),
  );
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const rings: string[][] = [];

  const visit = (path: string): void => {
    order.set(path, order.size);
    lowest.set(path, order.get(path) ?? 0);
    stack.push(path);
    for (const next of graph.get(path) ?? []) {
      if (!graph.has(next)) continue;
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) {
        lowest.set(path, Math.min(lowest.get(path) ?? 0, lowest.get(next) ?? 0));
      }
    }
    if (lowest.get(path) !== order.get(path)) return;
    const ring = stack.splice(stack.indexOf(path));
    const importsItself = graph.get(path)?.includes(path) ?? false;
    if (ring.length > 1 || importsItself) rings.push(ring.sort());
  };
  for (const path of graph.keys()) if (!order.has(path)) visit(path);
  return rings;
}
