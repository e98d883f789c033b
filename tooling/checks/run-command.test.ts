import { expect, it } from 'vitest';
import { commandFinding } from './check.ts';
import { inPairs } from './in-pairs.ts';
import { runCommand } from './run-command.ts';

it('gathers what a command prints on both streams and its exit code', async () => {
  const script = `console.log('out'); console.error('err'); process.exitCode = 3;`;
  const result = await runCommand('node', ['-e', script], { timeoutMs: 10_000 });
  expect(result.code).toBe(3);
  expect(result.output).toContain('out');
  expect(result.output).toContain('err');
});

it("runs the workspace's own Node", async () => {
  const { output } = await runCommand('node', ['-p', 'process.versions.node'], { timeoutMs: 10_000 });
  expect(output.trim()).toBe(process.versions.node);
});

it('stops a command that does not end, with what it started, and says so', async () => {
  const script = `require('node:child_process').spawn('sleep', ['60'], { stdio: 'inherit' }); setInterval(() => {}, 1000);`;
  const started = performance.now();
  const result = await runCommand('node', ['-e', script], { timeoutMs: 700 });
  expect(result.code).toBe(124);
  expect(result.output).toContain('was stopped after');
  expect(performance.now() - started).toBeLessThan(20_000);
});

it('turns a missing command into a failed test with a message', async () => {
  const finding = await commandFinding('missing', ['no-such-command-here']);
  expect(finding.tally.failed).toBe(1);
  expect(finding.output).toContain('no-such-command-here');
});

it('runs tasks in pairs and keeps their order', async () => {
  let running = 0;
  let most = 0;
  const task = (value: number) => async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running -= 1;
    return value;
  };
  expect(await inPairs([1, 2, 3, 4, 5].map(task))).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});
