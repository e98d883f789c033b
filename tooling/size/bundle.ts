import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** A bundle as a host's own bundler would make it. */
export interface Bundle {
  readonly minifiedBytes: number;
  readonly gzipBytes: number;
  /** Files that went in, relative to the workspace. */
  readonly inputs: readonly string[];
  /** Modules that stay imports. */
  readonly imports: readonly string[];
  readonly text: string;
}

export interface BundleOptions {
  /** The program, as a host would write it. */
  readonly program: string;
  /** Folder whose dependencies the program sees. */
  readonly from: string;
  /** Modules that the host brings itself. Default: none. */
  readonly external?: readonly string[];
}

/** Bundles a small program with published packages, minified. Node's own modules are never part of it. */
export async function bundle({ program, from, external = [] }: BundleOptions): Promise<Bundle> {
  const result = await build({
    stdin: { contents: program, resolveDir: from, loader: 'js' },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['browser', 'import'],
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    external: [...external, 'node:*'],
    absWorkingDir: from,
    logLevel: 'silent',
  });
  const [output] = Object.values(result.metafile.outputs);
  const text = result.outputFiles[0]?.text ?? '';
  return {
    minifiedBytes: Buffer.byteLength(text),
    gzipBytes: gzipSync(text, { level: 9 }).byteLength,
    inputs: Object.keys(result.metafile.inputs),
    imports: [...new Set(output?.imports.map(({ path }) => path) ?? [])].sort(),
    text,
  };
}
