import { describe, expect, it } from 'vitest';
import { exitCodeFor, nothing, oneFailed, onePassed, sumTallies, tallyLine } from './tally.ts';
import { failuresOf, tallyVitestReport } from './vitest-report.ts';

describe('the count that ends a run', () => {
  it('is one line of three numbers', () => {
    expect(tallyLine(sumTallies([onePassed, oneFailed, { passed: 10, failed: 0, skipped: 2 }]))).toBe(
      '11 passed, 1 failed, 2 skipped',
    );
  });

  it('is bad when anything failed and when nothing ran', () => {
    expect(exitCodeFor({ passed: 5, failed: 0, skipped: 1 })).toBe(0);
    expect(exitCodeFor({ passed: 5, failed: 1, skipped: 0 })).toBe(1);
    expect(exitCodeFor(nothing)).toBe(1);
    expect(exitCodeFor({ passed: 0, failed: 0, skipped: 3 })).toBe(1);
  });
});

describe("counting Vitest's report", () => {
  const file = (status: string, ...tests: string[]) => ({
    name: 'a.test.ts',
    status,
    assertionResults: tests.map((each) => ({ status: each })),
  });

  it('counts tests, and what did not run as skipped', () => {
    const testResults = [
      file('passed', 'passed', 'pending', 'todo', 'skipped'),
      file('failed', 'failed', 'passed'),
    ];
    expect(tallyVitestReport({ testResults })).toEqual({ passed: 2, failed: 1, skipped: 3 });
  });

  it('counts a file that does not even load as one failure', () => {
    expect(tallyVitestReport({ testResults: [file('failed')] })).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
    });
  });

  it('names what failed, with the beginning of its reason', () => {
    const failed = {
      status: 'failed',
      fullName: 'adds up',
      failureMessages: ['expected 1\nto be 2\nat a\nat b'],
    };
    const testResults = [
      { name: 'a.test.ts', status: 'failed', assertionResults: [failed, { status: 'passed' }] },
      { name: 'b.test.ts', status: 'failed', message: 'does not load', assertionResults: [] },
      file('passed', 'passed'),
    ];
    expect(failuresOf({ testResults })).toBe(
      '  a.test.ts\n    adds up\n      expected 1\n      to be 2\n      at a\n  b.test.ts\n      does not load\n',
    );
  });
});
