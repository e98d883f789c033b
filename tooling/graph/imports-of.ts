import { parseSync, Visitor } from 'oxc-parser';

/** One place where a file names another module. */
export interface ModuleImport {
  /** As written: `./money.ts`, `zod/mini`, `node:fs`. */
  readonly specifier: string;
  /** True when the compiler removes it. */
  readonly typeOnly: boolean;
  /** Imported names; `*` for a namespace, empty for a bare or dynamic import. */
  readonly names: readonly string[];
}

/** Everything a TypeScript file imports or re-exports: static, dynamic, and `import('...')` inside a type. */
export function importsOf(file: string, text: string): readonly ModuleImport[] {
  const { module, program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0]?.message}`);
  const found: ModuleImport[] = [];
  for (const { moduleRequest, entries } of module.staticImports) {
    found.push({
      specifier: moduleRequest.value,
      typeOnly: entries.length > 0 && entries.every((entry) => entry.isType),
      names: entries.map(
        (entry) => entry.importName.name ?? (entry.importName.kind === 'Default' ? 'default' : '*'),
      ),
    });
  }
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, importName, isType } of entries) {
      if (moduleRequest) {
        found.push({ specifier: moduleRequest.value, typeOnly: isType, names: [importName.name ?? '*'] });
      }
    }
  }
  for (const { moduleRequest } of module.dynamicImports) {
    // A computed specifier cannot be followed; the built bundles are checked for those.
    const written = /^(['"`])([^'"`$]*)\1$/.exec(text.slice(moduleRequest.start, moduleRequest.end));
    if (written?.[2]) found.push({ specifier: written[2], typeOnly: false, names: [] });
  }
  new Visitor({
    TSImportType(node) {
      found.push({ specifier: node.source.value, typeOnly: true, names: [] });
    },
  }).visit(program);
  return found;
}
