import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildFirst } from '../build/build-first.ts';
import { workspaceRoot } from '../checks/workspace-root.ts';
import { bundle, type BundleOptions } from './bundle.ts';

const kilobyte = 1024;
// The peers of the widgets: a page that shows them has these once, for all of its own code.
const peers = ['react', 'react-dom', 'react/jsx-runtime', 'react-dom/client', '@tanstack/react-query'];
const widgets = join(workspaceRoot, 'packages/widgets');
const tracker = join(workspaceRoot, 'packages/tracker-sdk');

interface Budget extends BundleOptions {
  readonly what: string;
  readonly atMost: number;
}

const createTracker = `export { createTracker } from './dist/index.js';`;

/** What the tracker may weigh together with one entry, in KB; docs/decisions tells why. */
const withOneProvider: readonly (readonly [entry: string, name: string, kilobytes: number])[] = [
  ['openai', 'wrapOpenAI', 11.75],
  ['anthropic', 'wrapAnthropic', 11.5],
  ['google', 'wrapGoogle', 11.5],
  ['mistral', 'wrapMistral', 10.5],
  ['bedrock', 'wrapBedrock', 11],
  ['vercel-ai', 'wrapAIModel', 11.75],
  ['cohere', 'wrapCohere', 10],
  ['langchain', 'tallykitHandler', 10.25],
  ['mcp', 'wrapMcpClient', 8.25],
  ['fetch', 'trackedFetch', 16.25],
];

const budgets: readonly Budget[] = [
  { what: 'the tracker alone', atMost: 7.5 * kilobyte, from: tracker, program: createTracker },
  ...withOneProvider.map(([entry, name, kilobytes]) => ({
    what: `the tracker with ${entry}`,
    atMost: kilobytes * kilobyte,
    from: tracker,
    program: `${createTracker} export { ${name} } from './dist/${entry}.js';`,
  })),
  {
    what: 'the first widget with its client',
    atMost: 45 * kilobyte,
    from: widgets,
    external: peers,
    program: `export { TallykitProvider, UsageChart } from './dist/index.js'; export { createClient } from '@tallykit/client';`,
  },
  {
    what: 'all widgets with their client',
    atMost: 120 * kilobyte,
    from: widgets,
    external: peers,
    program: `export * from './dist/index.js'; export * from '@tallykit/client';`,
  },
];

beforeAll(buildFirst);

describe('bytes, minified and gzipped', () => {
  it.each(budgets)('$what stays within its budget', async ({ atMost, ...options }) => {
    const { gzipBytes } = await bundle(options);
    expect(gzipBytes).toBeGreaterThan(0);
    expect(gzipBytes).toBeLessThanOrEqual(atMost);
  });

  it('counts what a program really pulls in', async () => {
    const from = workspaceRoot;
    const small = await bundle({ from, program: 'export const a = 1;' });
    const large = await bundle({
      from,
      program: `export const a = ${JSON.stringify(randomText(8 * kilobyte))};`,
    });
    expect(small.gzipBytes).toBeLessThan(kilobyte);
    expect(large.gzipBytes).toBeGreaterThan(4 * kilobyte);
  });
});

/** Text that hardly compresses, the same in every run. */
function randomText(length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCharCode(33 + (state % 90));
  }).join('');
}
