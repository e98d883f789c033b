import { runCommand, type CommandOptions } from './run-command.ts';
import { oneFailed, onePassed, type Tally } from './tally.ts';

/** What one part of a check came to. */
export interface Finding {
  readonly title: string;
  readonly tally: Tally;
  /** Shown when something failed. */
  readonly output: string;
}

/** A step of `npm test`. */
export interface Check {
  /** Short, and usable with `--only`. */
  readonly name: string;
  run(): Promise<readonly Finding[]>;
}

/** Runs a command as one test: exit code 0 passes. */
export async function commandFinding(
  title: string,
  command: readonly [string, ...string[]],
  options: Partial<CommandOptions> = {},
): Promise<Finding> {
  const [program, ...args] = command;
  const { code, output } = await runCommand(program, args, { timeoutMs: 300_000, ...options });
  return { title, tally: code === 0 ? onePassed : oneFailed, output };
}

/** A check made of one command. */
export function commandCheck(
  name: string,
  command: readonly [string, ...string[]],
  options: Partial<CommandOptions> = {},
): Check {
  return { name, run: async () => [await commandFinding(name, command, options)] };
}
