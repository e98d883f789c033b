import { bundleBytes } from '../bundle-bytes.ts';
import type { Scenario } from '../measurement.ts';

const react = ['react', 'react-dom', 'react/jsx-runtime', 'react-dom/client'];

/** What a page loads for the widgets. */
export const widgetBytes: Scenario = {
  id: 'widgets/bundle-bytes',
  question: 'How many bytes does a page load for the first widget, and for all of them?',
  run: async () => {
    const first =
      "export { TallykitProvider, UsageChart } from '@tallykit/widgets'; export { createClient } from '@tallykit/client';";
    const all = "export * from '@tallykit/widgets'; export { createClient } from '@tallykit/client';";
    return [
      {
        what: 'first widget (UsageChart) with client and queries, React external, minified and gzipped',
        unit: 'bytes',
        value: await bundleBytes(first, react),
        target: { kind: 'at most', value: 45 * 1024 },
      },
      {
        what: 'all widgets with client and queries, React external, minified and gzipped',
        unit: 'bytes',
        value: await bundleBytes(all, react),
        target: { kind: 'at most', value: 120 * 1024 },
      },
    ];
  },
};
