import { existsSync } from 'node:fs';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { sourceConditions, sourceConditionsOfNode } from './tooling/vitest/source-conditions.ts';

interface ProjectOptions {
  readonly environment?: 'node' | 'jsdom';
  readonly testTimeout?: number;
  readonly hookTimeout?: number;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly fileParallelism?: boolean;
  /** Left out where a dependency's build for bundlers cannot be loaded by Node: the AWS SDK's imports lack extensions. */
  readonly bundlerBuilds?: boolean;
}

function project(name: string, root: string, options: ProjectOptions = {}): TestProjectConfiguration {
  const {
    environment = 'node',
    testTimeout = 15_000,
    hookTimeout = 60_000,
    fileParallelism = true,
    bundlerBuilds = true,
  } = options;
  const { include = ['**/*.test.{ts,tsx}'], exclude = [] } = options;
  return {
    ...(bundlerBuilds ? sourceConditions : sourceConditionsOfNode),
    root,
    test: {
      ...sourceConditions.test,
      name,
      environment,
      include: [...include],
      exclude: ['**/node_modules/**', '**/dist/**', '**/.tmp/**', ...exclude],
      testTimeout,
      hookTimeout,
      // A project whose files run one after the other is a group of its own: Vitest asks for that.
      ...(fileParallelism ? { maxWorkers: 2 } : { fileParallelism, sequence: { groupOrder: 1 } }),
    },
  };
}

// The widgets describe their own browser setting beside their code.
const widgets = existsSync(new URL('packages/widgets/vitest.config.ts', import.meta.url))
  ? 'packages/widgets/vitest.config.ts'
  : project('widgets', 'packages/widgets', { environment: 'jsdom' });

export default defineConfig({
  test: {
    // Vitest leaves one core free unless told, which on two cores means that nothing runs side by side.
    maxWorkers: 2,
    projects: [
      project('protocol', 'packages/protocol'),
      project('tracker-sdk', 'packages/tracker-sdk', { bundlerBuilds: false }),
      project('server-adapter', 'packages/server-adapter', { testTimeout: 30_000, hookTimeout: 120_000 }),
      project('client', 'packages/client'),
      widgets,
      project('demo', 'apps/demo', { testTimeout: 60_000, hookTimeout: 120_000 }),
      project('tooling', 'tooling', { testTimeout: 60_000, hookTimeout: 120_000, exclude: ['size/**'] }),
      project('e2e', 'e2e', {
        testTimeout: 120_000,
        hookTimeout: 240_000,
        exclude: ['consumers/**'],
      }),
      // What a consumer gets. Each file builds the packages when they are out of date, so one runs after the other.
      project('published', '.', {
        include: ['tooling/size/*.test.ts', 'e2e/consumers/*.test.ts'],
        testTimeout: 240_000,
        hookTimeout: 240_000,
        fileParallelism: false,
      }),
      project('benchmarks', 'benchmarks', { testTimeout: 60_000 }),
    ],
  },
});
