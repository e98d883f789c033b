import { colours } from './colours.ts';
import type { Tally } from './tally.ts';

/** The part of Vitest's JSON report that is counted. */
export interface VitestReport {
  readonly testResults: readonly {
    /** The file. */
    readonly name: string;
    readonly status: string;
    /** Why the file itself failed. */
    readonly message?: string | undefined;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName?: string | undefined;
      readonly failureMessages?: readonly string[] | null | undefined;
    }[];
  }[];
}

/** Counts tests. A file that failed without a failing test (it does not load, say) counts as one failed test. */
export function tallyVitestReport(report: VitestReport): Tally {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for (const file of report.testResults) {
    let failedHere = 0;
    for (const { status } of file.assertionResults) {
      if (status === 'passed') passed += 1;
      else if (status === 'failed') failedHere += 1;
      else skipped += 1;
    }
    failed += file.status === 'failed' ? Math.max(1, failedHere) : failedHere;
  }
  return { passed, failed, skipped };
}

const firstLines = (text: string | undefined): string =>
  (text ?? '').replace(colours, '').split('\n').slice(0, 3).join('\n      ');

/** What failed, a test at a time with the beginning of its reason: for the end of a long log, where it is looked for. */
export function failuresOf(report: VitestReport): string {
  return report.testResults
    .filter((file) => file.status === 'failed')
    .flatMap(({ name, message, assertionResults }) => {
      const failed = assertionResults.filter(({ status }) => status === 'failed');
      if (failed.length === 0) return [`${name}\n      ${firstLines(message)}`];
      return failed.map(
        ({ fullName = '', failureMessages }) =>
          `${name}\n    ${fullName}\n      ${firstLines(failureMessages?.[0])}`,
      );
    })
    .map((text) => `  ${text}\n`)
    .join('');
}
