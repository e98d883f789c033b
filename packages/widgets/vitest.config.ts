import { defineConfig } from 'vitest/config';
import { sourceConditions } from '../../tooling/vitest/source-conditions.ts';

// Widgets are tested in a browser-like document; the server-rendering tests ask for `node` themselves.
export default defineConfig({
  ...sourceConditions,
  test: {
    ...sourceConditions.test,
    name: 'widgets',
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['./vitest.setup.ts'],
    testTimeout: 15_000,
  },
});
