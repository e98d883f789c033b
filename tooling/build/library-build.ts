import type { Options } from 'tsup';
import { bundleDeclarations } from './bundle-declarations.ts';

/** What a published package says about its own bundle; everything else is alike in all of them. */
export interface LibraryBuild {
  /** Output path without extension, to source file. One row for each sub-path export. */
  readonly entry: Readonly<Record<string, string>>;
  /** Entries that nobody imports by name: commands and worker files. They get no declarations. */
  readonly withoutDeclarations?: readonly string[];
  /** Packages whose types are copied into ours instead of being imported. Default: none. */
  readonly inlineTypesOf?: readonly string[];
  /** Sub-paths of workspace packages whose code is copied into ours, from its source. Default: none. */
  readonly inline?: readonly string[];
  /** Default: ESM only. */
  readonly format?: readonly ('esm' | 'cjs')[];
  /** `neutral` for code that runs in a browser or at the edge. Default: `node`. */
  readonly platform?: 'node' | 'neutral';
  /** Default: `node22`. */
  readonly target?: string;
  /** Marks every output as client code for React server components. Default: false. */
  readonly clientOnly?: boolean;
  /** Files of `dist` that another build of the same package owns, so this one does not remove them. Default: none. */
  readonly keep?: readonly string[];
  /** Runs when scripts and declarations are written, in the package's folder. */
  readonly afterwards?: () => Promise<void>;
}

/**
 * The one way a Tallykit package is built: ESM with split chunks, source maps, and one declaration file an entry.
 *
 * @example
 * export default defineConfig(libraryBuild({ entry: { index: 'src/index.ts' } }));
 */
export function libraryBuild(build: LibraryBuild): Options {
  const { entry, withoutDeclarations = [], inlineTypesOf = [], format = ['esm'], platform = 'node' } = build;
  const declared = Object.entries(entry).filter(([name]) => !withoutDeclarations.includes(name));
  return {
    entry: { ...entry },
    format: [...format],
    platform,
    target: build.target ?? 'node22',
    splitting: true,
    sourcemap: true,
    clean: (build.keep ?? []).map((pattern) => `!${pattern}`),
    // `testing` entries run on Node even where the package runs anywhere; tests keep built-ins out of the others.
    external: [/^node:/],
    // Whatever is imported has to be listed in the manifest: a copy inside our bundle could neither be updated nor shared.
    skipNodeModulesBundle: true,
    noExternal: [...(build.inline ?? [])],
    // Only what is inlined is looked up at all, and a source is never out of date.
    esbuildOptions: (options) => {
      if (build.inline !== undefined) options.conditions = ['dev-source', 'module'];
    },
    // Hosts read "node:" as the sign of a built-in; stripping it breaks runtimes that insist on it.
    removeNodeProtocol: false,
    // esbuild drops module directives when it bundles, so the mark is written back on each output.
    banner: build.clientOnly ? { js: "'use client';" } : {},
    onSuccess: async () => {
      await bundleDeclarations({ entry: Object.fromEntries(declared), inlineTypesOf, format });
      await build.afterwards?.();
    },
  };
}
