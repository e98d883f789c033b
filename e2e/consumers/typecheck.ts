import { runCommand } from '../../tooling/checks/run-command.ts';

/** Versions of the compiler that consumers have. */
export const compilers = ['tsc', 'tsc6'] as const;

/**
 * Compiles a consumer and returns the errors that are ours or its own. Errors inside other libraries' declarations are
 * none of ours: a consumer that sets `skipLibCheck: false` has them with or without Tallykit.
 */
export async function typeErrors(
  folder: string,
  compiler: (typeof compilers)[number],
): Promise<readonly string[]> {
  const { code, output } = await runCommand(compiler, ['-p', '.', '--pretty', 'false'], {
    cwd: folder,
    timeoutMs: 120_000,
  });
  const errors = output.split('\n').filter((line) => /error TS\d+/.test(line));
  if (code !== 0 && errors.length === 0) return [output];
  return errors.filter((line) => !line.includes('node_modules/') || line.includes('node_modules/@tallykit/'));
}
