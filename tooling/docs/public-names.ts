import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from '@typescript/typescript6';

/** A name that a package's entry exports without saying what it is, or without showing its use. */
export interface UndocumentedName {
  /** For messages: `client ./react-query callQuery`. */
  readonly place: string;
  readonly missing: 'description' | 'example';
}

const options: ts.CompilerOptions = {
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  target: ts.ScriptTarget.ESNext,
  jsx: ts.JsxEmit.ReactJSX,
  customConditions: ['dev-source'],
};

/** Reads every entry of a package and gives the names that lack a description, or (functions and classes) an example. */
export function undocumentedNames(folder: string): readonly UndocumentedName[] {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly exports: Readonly<Record<string, string | { readonly 'dev-source'?: string }>>;
  };
  const entries = Object.entries(manifest.exports).flatMap(([name, target]) => {
    const source = typeof target === 'string' ? undefined : target['dev-source'];
    return source !== undefined && /\.tsx?$/.test(source) ? [{ name, file: join(folder, source) }] : [];
  });
  const program = ts.createProgram(
    entries.map(({ file }) => file),
    options,
  );
  const checker = program.getTypeChecker();
  return entries.flatMap(({ name, file }) => {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (!module)
      throw new Error(`${file} exports nothing, so it is no entry. Correct the package's manifest.`);
    return checker.getExportsOfModule(module).flatMap((exported): UndocumentedName[] => {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const own = symbol.declarations?.some((each) => each.getSourceFile().fileName.startsWith(`${folder}/`));
      const missing = own === true ? missingOf(symbol, checker) : null;
      return missing === null ? [] : [{ place: `${manifest.name} ${name} ${exported.name}`, missing }];
    });
  });
}

function missingOf(symbol: ts.Symbol, checker: ts.TypeChecker): UndocumentedName['missing'] | null {
  if (symbol.getDocumentationComment(checker).length === 0) return 'description';
  const isUsed = (symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class)) !== 0;
  const isShown = symbol.getJsDocTags(checker).some(({ name }) => name === 'example');
  // A component is shown by its stories, with every state.
  const isComponent = /^[A-Z]/.test(symbol.name) && (symbol.flags & ts.SymbolFlags.Function) !== 0;
  return isUsed && !isShown && !isComponent ? 'example' : null;
}
