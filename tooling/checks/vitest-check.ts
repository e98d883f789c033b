import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crashesIn, errorsIn, type Crash } from './crashed-files.ts';
import { runCommand } from './run-command.ts';
import type { Check, Finding } from './check.ts';
import { nothing, oneFailed, sumTallies, type Tally } from './tally.ts';
import { failuresOf, tallyVitestReport, type VitestReport } from './vitest-report.ts';
import { workspaceRoot } from './workspace-root.ts';

const reportFile = join(workspaceRoot, '.tmp', 'vitest-report.json');

interface Run {
  readonly code: number;
  readonly output: string;
  readonly report: VitestReport | null;
}

async function runVitest(files: readonly string[]): Promise<Run> {
  await mkdir(dirname(reportFile), { recursive: true });
  await rm(reportFile, { force: true });
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`, ...files];
  const { code, output } = await runCommand('vitest', args, {
    timeoutMs: 20 * 60_000,
    live: true,
    env: { CI: 'true' },
  });
  const text = await readFile(reportFile, 'utf8').catch(() => null);
  return { code, output, report: text === null ? null : (JSON.parse(text) as VitestReport) };
}

/** Every Vitest project; its tests are counted one by one. */
export const vitestCheck: Check = {
  name: 'vitest',
  run: async () => {
    const first = await runVitest([]);
    const crashes = crashesIn(first.output);
    return [crashes.length === 0 ? findingOf(first) : await runAgain(first, crashes)];
  },
};

function findingOf({ code, output, report }: Run): Finding {
  const title = 'vitest';
  if (report === null) return { title, tally: oneFailed, output: `Vitest wrote no report.\n${output}` };
  const tally = tallyVitestReport(report);
  // An unhandled error fails the run without failing a test, and must not get lost in the count.
  if (code !== 0 && tally.failed === 0)
    return { title, tally: { ...tally, failed: 1 }, output: 'An error outside of the tests; see above.\n' };
  return { title, tally: tally.passed + tally.failed > 0 ? tally : nothing, output: failuresOf(report) };
}

/**
 * Runs the files whose process crashed once more, by themselves: V8 has a known fault in code that it compiles from
 * WebAssembly, which is no finding of any test. A file that crashes again fails, and so does any other error.
 */
async function runAgain(first: Run, crashes: readonly Crash[]): Promise<Finding> {
  for (const { file, signal } of crashes)
    process.stdout.write(`\nThe runtime crashed (${signal}) in ${file}, which is run once more.\n`);
  const files = new Set(crashes.map(({ file }) => file));
  const others = {
    ...first,
    // What is left of the run is good when nothing but the crashes went wrong outside of its tests.
    code: errorsIn(first.output) > crashes.length ? first.code : 0,
    report: first.report && {
      testResults: first.report.testResults.filter(({ name }) => !files.has(name)),
    },
  };
  const findings = [findingOf(others), findingOf(await runVitest([...files]))];
  const tally: Tally = sumTallies(findings.map((finding) => finding.tally));
  return { title: 'vitest', tally, output: findings.map(({ output }) => output).join('') };
}
