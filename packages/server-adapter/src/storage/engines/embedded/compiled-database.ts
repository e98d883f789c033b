import { readFile } from 'node:fs/promises';
import type { PGliteOptions } from '@electric-sql/pglite';

/** The database's machine code, as PGlite takes it. */
export type CompiledDatabase = Pick<PGliteOptions, 'pgliteWasmModule' | 'initdbWasmModule'>;

type Compiled = NonNullable<CompiledDatabase['pgliteWasmModule']>;

/** The types of Node do not know the compiler that its globals hold. */
interface Runtime {
  readonly WebAssembly: { compile(bytes: Uint8Array): Promise<Compiled> };
}

const registryKey = Symbol.for('tallykit.compiled-database');

async function compile(): Promise<CompiledDatabase | null> {
  try {
    const { WebAssembly } = globalThis as unknown as Runtime;
    const entry = import.meta.resolve('@electric-sql/pglite');
    const load = async (file: string): Promise<Compiled> =>
      WebAssembly.compile(await readFile(new URL(file, entry)));
    const [pgliteWasmModule, initdbWasmModule] = await Promise.all([
      load('pglite.wasm'),
      load('initdb.wasm'),
    ]);
    return { pgliteWasmModule, initdbWasmModule };
  } catch {
    // A bundler or a later version keeps its files elsewhere: each thread then compiles for itself.
    return null;
  }
}

/**
 * Compiles the database once a process, for all of its threads, and keeps it. Threads that compile it for themselves
 * and throw the code away when they end can crash the whole process: a fault of V8 while it frees such code.
 *
 * @see https://github.com/nodejs/node/issues/64500
 */
export function compiledDatabase(): Promise<CompiledDatabase | null> {
  const home = globalThis as { [registryKey]?: Promise<CompiledDatabase | null> };
  return (home[registryKey] ??= compile());
}
