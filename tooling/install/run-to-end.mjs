import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { workspaceEnvironment } from './workspace.mjs';

/**
 * Runs a command in the foreground, hands signals on to it, and resolves with its exit code (128 + signal number when
 * a signal ended it, as shells do).
 */
export function runToEnd(command, args, { cwd, onOutput } = {}) {
  return new Promise((resolve) => {
    const piped = onOutput !== undefined;
    const child = spawn(command, args, {
      cwd,
      env: workspaceEnvironment(),
      stdio: piped ? ['inherit', 'pipe', 'pipe'] : 'inherit',
      shell: process.platform === 'win32',
    });
    if (piped) {
      for (const [stream, target] of [
        [child.stdout, process.stdout],
        [child.stderr, process.stderr],
      ]) {
        stream.on('data', (chunk) => {
          target.write(chunk);
          onOutput(String(chunk));
        });
      }
    }
    const stopForwarding = forwardSignals(child);
    child.on('error', (error) => {
      stopForwarding();
      console.error(`Could not start ${command}: ${error.message}`);
      resolve(127);
    });
    child.on('close', (code, signal) => {
      stopForwarding();
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

function forwardSignals(child) {
  // A terminal sends Ctrl-C to the whole foreground group, so the child already has it; only a signal sent to this
  // process alone has to be handed on.
  const handlers = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => [
    signal,
    () => {
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    },
  ]);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}
