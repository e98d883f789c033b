import { expect, test } from 'vitest';
import { crashesIn, errorsIn } from './crashed-files.ts';

const line = (signal: string, file: string) =>
  `\u001b[31m\u001b[1mCaused by: Error\u001b[22m: Worker exited unexpectedly with signal ${signal} during started state while running test file ${file}\u001b[39m\n`;
const summary = (errors: number) =>
  `\u001b[2m     Errors \u001b[22m \u001b[1m\u001b[31m${errors} error${errors === 1 ? '' : 's'}\u001b[39m\u001b[22m\n`;

test('finds the file whose process crashed, and the signal', () => {
  const output = `${line('SIGSEGV', '/a/one.test.ts')}${line('SIGSEGV', '/a/one.test.ts')}${line('SIGABRT', '/a/two.test.ts')}`;
  expect(crashesIn(output)).toEqual([
    { file: '/a/one.test.ts', signal: 'SIGSEGV' },
    { file: '/a/two.test.ts', signal: 'SIGABRT' },
  ]);
});

test('takes no ordinary end for a crash', () => {
  expect(crashesIn(line('SIGTERM', '/a/one.test.ts'))).toEqual([]);
  expect(crashesIn('Worker exited unexpectedly with exit code 1 during started state')).toEqual([]);
});

test('counts the errors outside of tests', () => {
  expect(errorsIn(summary(1))).toBe(1);
  expect(errorsIn(`noise\n${summary(12)}noise`)).toBe(12);
  expect(errorsIn('Tests 12 passed')).toBe(0);
});
