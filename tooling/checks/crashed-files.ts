import { colours } from './colours.ts';

/** A test file whose process ended by a fault of the runtime itself, not by anything that a test found. */
export interface Crash {
  readonly file: string;
  readonly signal: string;
}

const crashed =
  /Worker exited unexpectedly with signal (SIGSEGV|SIGABRT|SIGBUS|SIGILL|SIGTRAP)[^\n]* while running test file (\S+)/g;

/** The crashes that Vitest tells of, each file once. */
export function crashesIn(output: string): readonly Crash[] {
  const found = [...output.replace(colours, '').matchAll(crashed)];
  return [...new Map(found.map(([, signal = '', file = '']) => [file, { file, signal }])).values()];
}

/** How many errors Vitest counts outside of tests. A crash is one of them. */
export function errorsIn(output: string): number {
  const [, count] = /^\s*Errors\s+(\d+) errors?$/m.exec(output.replace(colours, '')) ?? [];
  return Number(count ?? 0);
}
