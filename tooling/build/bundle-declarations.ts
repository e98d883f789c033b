import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { rollup, type Plugin } from 'rollup';
import { dts } from 'rollup-plugin-dts';

const workspaceRoot = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** What to declare, for the package in the current folder. */
export interface DeclarationBundle {
  /** Output path without extension, to source file. */
  readonly entry: Readonly<Record<string, string>>;
  /** Workspace packages whose types are copied in. */
  readonly inlineTypesOf: readonly string[];
  readonly format: readonly ('esm' | 'cjs')[];
}

/**
 * Writes one self-contained declaration file an entry into `dist`.
 *
 * The compiler emits a declaration for every source file, then the bundler joins those that an entry reaches. Only
 * the first step needs types, so the fast compiler does it, which has no API for a bundler to call.
 */
export async function bundleDeclarations(bundle: DeclarationBundle): Promise<void> {
  const packageFolder = process.cwd();
  // Two builds of one package may run side by side, so each has a folder named for its first entry.
  const emitted = join(packageFolder, '.tmp', `declarations-${Object.keys(bundle.entry)[0] ?? ''}`);
  await rm(emitted, { recursive: true, force: true });
  await emitDeclarations(packageFolder, emitted, Object.values(bundle.entry));

  const input = Object.fromEntries(
    Object.entries(bundle.entry).map(([name, source]) => [
      name,
      declarationOf(emitted, join(packageFolder, source)),
    ]),
  );
  const result = await rollup({
    input,
    plugins: [resolveEmitted(packageFolder, bundle.inlineTypesOf), dts()],
  });
  for (const format of bundle.format) {
    const extension = format === 'cjs' ? 'd.cts' : 'd.ts';
    await result.write({
      dir: join(packageFolder, 'dist'),
      entryFileNames: `[name].${extension}`,
      chunkFileNames: `[name]-[hash].${extension}`,
    });
  }
  await result.close();
}

async function emitDeclarations(
  packageFolder: string,
  outDir: string,
  files: readonly string[],
): Promise<void> {
  const project = `${outDir}.tsconfig.json`;
  await mkdir(dirname(project), { recursive: true });
  const settings = {
    extends: '../tsconfig.json',
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      stripInternal: true,
      rootDir: workspaceRoot,
      outDir,
    },
    include: [],
    files: files.map((file) => `../${file}`),
  };
  await writeFile(project, JSON.stringify(settings));
  await run('tsc', ['-p', project], { cwd: packageFolder }).catch((error: { stdout?: string }) => {
    throw new Error(`The declarations of ${packageFolder} could not be written:\n${error.stdout ?? ''}`);
  });
}

/** Where the compiler put the declaration of a source file. */
function declarationOf(emitted: string, source: string): string {
  const moved = join(emitted, relative(workspaceRoot, source));
  return moved.replace(/\.(ts|tsx)$/, '.d.ts');
}

/** Follows `./file.ts`, and the `./chunk.js` of a built declaration, to the declaration; every other package stays an import. */
function resolveEmitted(packageFolder: string, inlined: readonly string[]): Plugin {
  return {
    name: 'emitted-declarations',
    resolveId(source, importer) {
      if (!importer) return null;
      if (source.startsWith('.')) {
        // Sources import sources; what another package has built imports what it shares between its entries.
        return resolve(dirname(importer), source).replace(/(?<!\.d)\.(ts|tsx|js)$/, '.d.ts');
      }
      // The compiler emits nothing for a package it found below node_modules, so its own build is read.
      if (inlined.includes(source)) return join(packageFolder, 'node_modules', source, 'dist/index.d.ts');
      return { id: source, external: true };
    },
  };
}
