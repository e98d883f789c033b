import { existsSync } from 'node:fs';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { sourceConditions } from './tooling/vitest/source-conditions.ts';

interface ProjectOptions {
  readonly environment?: 'node' | 'jsdom';
  readonly testTimeout?: number;
  readonly hookTimeout?: number;
  readonly exclude?: readonly string[];
}

function project(name: string, root: string, options: ProjectOptions = {}): TestProjectConfiguration {
  const { environment = 'node', testTimeout = 15_000, hookTimeout = 60_000, exclude = [] } = options;
  return {
    ...sourceConditions,
    root,
    test: {
      ...sourceConditions.test,
      name,
      environment,
      include: ['**/*.test.{ts,tsx}'],
      exclude: ['**/node_modules/**', '**/dist/**', '**/.tmp/**', ...exclude],
      testTimeout,
      hookTimeout,
    },
  };
}

// The widgets describe their own browser setting beside their code.
const widgets = existsSync(new URL('packages/widgets/vitest.config.ts', import.meta.url))
  ? 'packages/widgets/vitest.config.ts'
  : project('widgets', 'packages/widgets', { environment: 'jsdom' });

export default defineConfig({
  test: {
    projects: [
      project('protocol', 'packages/protocol'),
      project('tracker-sdk', 'packages/tracker-sdk'),
      project('server-adapter', 'packages/server-adapter', { testTimeout: 30_000, hookTimeout: 120_000 }),
      project('client', 'packages/client'),
      widgets,
      project('demo', 'apps/demo', { testTimeout: 60_000, hookTimeout: 120_000 }),
      project('tooling', 'tooling', { testTimeout: 60_000, hookTimeout: 120_000 }),
      project('e2e', 'e2e', {
        testTimeout: 120_000,
        hookTimeout: 240_000,
        exclude: ['consumers/fixtures/**'],
      }),
      project('benchmarks', 'benchmarks', { testTimeout: 60_000 }),
    ],
  },
});
