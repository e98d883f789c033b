import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { workspaceRoot } from './workspace-root.ts';

/** How a command ended. */
export interface CommandResult {
  /** Exit code; 124 when it took too long and was stopped, 127 when it could not be started. */
  readonly code: number;
  /** Everything it printed, in order. */
  readonly output: string;
}

export interface CommandOptions {
  /** Default: the workspace root. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Also shows the output while it runs. Default: false. */
  readonly live?: boolean;
}

/** Runs a command with the workspace's own tools first on the path and gathers what it prints. Never rejects. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const { cwd = workspaceRoot, env = {}, timeoutMs, live = false } = options;
  const path = [join(workspaceRoot, 'node_modules', '.bin'), process.env['PATH']].join(delimiter);
  return new Promise((resolve) => {
    // A group of its own, so that a command that hangs is stopped with everything it started.
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env, PATH: path }, detached: true });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += String(chunk);
      if (live) process.stdout.write(chunk);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);

    const stopGroup = (signal: NodeJS.Signals): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal);
      } catch {
        // The group has ended by itself in the meantime.
      }
    };
    const passOn = (signal: NodeJS.Signals): void => {
      stopGroup(signal);
      process.exit(130);
    };
    const signals = ['SIGINT', 'SIGTERM'] as const;
    for (const signal of signals) process.once(signal, passOn);

    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      output += `\n${command} was stopped after ${timeoutMs / 1000} s without an end.\n`;
      stopGroup('SIGKILL');
    }, timeoutMs);
    const finish = (code: number): void => {
      clearTimeout(timer);
      for (const signal of signals) process.off(signal, passOn);
      resolve({ code: timedOut ? 124 : code, output });
    };
    child.on('error', (error) => {
      output += error.message;
      finish(127);
    });
    child.on('close', (code) => finish(code ?? 1));
  });
}
