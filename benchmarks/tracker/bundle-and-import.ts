import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../tooling/size/bundle.ts';
import { summarize, type Scenario } from '../measurement.ts';

const imports = `
const begun = performance.now();
await import('@tallykit/tracker-sdk');
await import('@tallykit/tracker-sdk/openai');
console.log(performance.now() - begun);
`;

/** What it costs to have the tracker at all. */
export const bundleAndImport: Scenario = {
  id: 'tracker/bundle-and-import',
  question: 'How large is the tracker with one provider, and how long does its import take?',
  run: async () => {
    const { gzipBytes: bytes } = await bundle({
      program:
        "export { createTracker } from '@tallykit/tracker-sdk'; export { wrapOpenAI } from '@tallykit/tracker-sdk/openai';",
      from: fileURLToPath(new URL('..', import.meta.url)),
    });
    const times = Array.from({ length: 11 }, () => {
      const child = spawnSync(process.execPath, ['--input-type=module', '--eval', imports], {
        cwd: fileURLToPath(new URL('..', import.meta.url)),
        encoding: 'utf8',
      });
      if (child.status !== 0) throw new Error(`The import failed: ${child.stderr}`);
      return Number(child.stdout);
    });
    return [
      {
        what: 'tracker with one provider, minified and gzipped',
        unit: 'bytes',
        value: bytes,
        target: { kind: 'at most', value: 6 * 1024 },
      },
      summarize('import of the tracker with one provider', 'ms', times, {
        target: { kind: 'at most', value: 5 },
      }),
    ];
  },
};
