/** Something that is built once and reused until one of its inputs changes. */
export interface BuildTarget {
  /** Folder below the workspace root. */
  readonly folder: string;
  /** The command, found in the workspace's own `.bin`. */
  readonly command: readonly [string, ...string[]];
  /** Folders of the targets whose output this build reads. */
  readonly needs: readonly string[];
  /** Must exist for the build to count as done. */
  readonly output: string;
}

function library(name: string, needs: readonly string[] = []): BuildTarget {
  return {
    folder: `packages/${name}`,
    command: ['tsup', '--silent'],
    needs: needs.map((needed) => `packages/${needed}`),
    output: 'dist/index.d.ts',
  };
}

/** The five published packages. */
export const packageTargets: readonly BuildTarget[] = [
  library('protocol'),
  library('tracker-sdk', ['protocol']),
  library('server-adapter', ['protocol']),
  library('client', ['protocol']),
  library('widgets', ['client', 'protocol']),
];

/** The pages of the demo, served by its own server. */
export const demoTarget: BuildTarget = {
  folder: 'apps/demo',
  command: ['vite', 'build', '--logLevel', 'warn'],
  needs: ['packages/protocol', 'packages/client', 'packages/widgets'],
  output: 'dist/index.html',
};

/** The built pages of Storybook: every widget in every state. Unlike the demo it reads the packages' sources. */
export const storybookTarget: BuildTarget = {
  folder: 'apps/storybook',
  command: ['node_modules/.bin/storybook', 'build', '--output-dir', 'storybook-static', '--quiet'],
  needs: ['packages/protocol', 'packages/client', 'packages/widgets'],
  output: 'storybook-static/index.json',
};
