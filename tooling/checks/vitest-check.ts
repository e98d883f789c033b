import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runCommand } from './run-command.ts';
import type { Check, Finding } from './check.ts';
import { nothing, oneFailed } from './tally.ts';
import { tallyVitestReport, type VitestReport } from './vitest-report.ts';
import { workspaceRoot } from './workspace-root.ts';

const reportFile = join(workspaceRoot, '.tmp', 'vitest-report.json');

/** Every Vitest project; its tests are counted one by one. */
export const vitestCheck: Check = {
  name: 'vitest',
  run: async () => {
    await mkdir(dirname(reportFile), { recursive: true });
    await rm(reportFile, { force: true });
    const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
    const { code, output } = await runCommand('vitest', args, {
      timeoutMs: 20 * 60_000,
      live: true,
      env: { CI: 'true' },
    });
    return [await findingOf(code, output)];
  },
};

async function findingOf(code: number, output: string): Promise<Finding> {
  const title = 'vitest';
  const text = await readFile(reportFile, 'utf8').catch(() => null);
  if (text === null) return { title, tally: oneFailed, output: `Vitest wrote no report.\n${output}` };
  const tally = tallyVitestReport(JSON.parse(text) as VitestReport);
  // An unhandled error fails the run without failing a test, and must not get lost in the count.
  if (code !== 0 && tally.failed === 0) return { title, tally: { ...tally, failed: 1 }, output: '' };
  return { title, tally: tally.passed + tally.failed > 0 ? tally : nothing, output: '' };
}
