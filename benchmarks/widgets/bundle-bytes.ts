import { fileURLToPath } from 'node:url';
import { bundle } from '../../tooling/size/bundle.ts';
import type { Scenario } from '../measurement.ts';

const from = fileURLToPath(new URL('..', import.meta.url));
const react = ['react', 'react-dom', 'react/jsx-runtime', 'react-dom/client'];
const client = "export { createClient } from '@tallykit/client';";
const first = `export { TallykitProvider, UsageChart } from '@tallykit/widgets'; ${client}`;
const all = `export * from '@tallykit/widgets'; ${client}`;

const bytesOf = async (program: string, external: readonly string[]): Promise<number> =>
  (await bundle({ program, from, external })).gzipBytes;

/** What a page loads for the widgets. */
export const widgetBytes: Scenario = {
  id: 'widgets/bundle-bytes',
  question: 'How many bytes does a page load for the first widget, and for all of them?',
  run: async () => {
    const unit = 'bytes';
    const firstTarget = { kind: 'at most', value: 45 * 1024 } as const;
    const allTarget = { kind: 'at most', value: 120 * 1024 } as const;
    const peers = [...react, '@tanstack/react-query'];
    return [
      {
        what: 'first widget (UsageChart) with client, peers external',
        unit,
        value: await bytesOf(first, peers),
        target: firstTarget,
      },
      {
        what: 'first widget with client and TanStack Query, React external',
        unit,
        value: await bytesOf(first, react),
        target: firstTarget,
      },
      {
        what: 'all widgets with client, peers external',
        unit,
        value: await bytesOf(all, peers),
        target: allTarget,
      },
      {
        what: 'all widgets with client and TanStack Query, React external',
        unit,
        value: await bytesOf(all, react),
        target: allTarget,
      },
    ];
  },
};
