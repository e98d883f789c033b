import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { workspaceRoot } from '../../tooling/checks/workspace-root.ts';

const running = new Set<ReturnType<typeof spawn>>();
afterEach(() => {
  for (const child of running) stopGroup(child, 'SIGKILL');
});

function stopGroup(child: ReturnType<typeof spawn>, signal: NodeJS.Signals): void {
  if (child.pid !== undefined) process.kill(-child.pid, signal);
}

/** Starts `npm run demo` as a person does, on a port that the system chooses. */
function startDemo(...args: readonly string[]) {
  const child = spawn('npm', ['run', 'demo', '--', ...args], {
    cwd: workspaceRoot,
    env: { ...process.env, PORT: '0' },
    // A group of its own, so that a demo that hangs does not outlive its test.
    detached: true,
  });
  running.add(child);
  let output = '';
  let look = (): void => {};
  const collect = (chunk: Buffer): void => {
    output += String(chunk);
    look();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  void ended.then(() => running.delete(child));
  const address = new Promise<string>((resolve, reject) => {
    look = () => {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
      if (found) resolve(found);
    };
    void ended.then(() => reject(new Error(`The demo ended before it printed its address:\n${output}`)));
  });
  address.catch(() => {});
  return { child, ended, address, output: () => output };
}

describe('npm run demo', () => {
  it('prints its address, serves its page there, and ends when it is told to', async () => {
    const demo = startDemo();
    const page = await fetch(await demo.address);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<html');
    demo.child.kill('SIGTERM');
    expect(await demo.ended, demo.output()).toBe(0);
  });
});

describe('npm run demo -- --trace', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tallykit-trace-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('replays a trace through the whole road and exits with 0 when the server answers what was sent', async () => {
    const rows = Array.from({ length: 60 }, (_, index) => {
      const second = String(index % 60).padStart(2, '0');
      return `2023-11-16 18:15:${second}.1234500,${100 + index * 37},${index * 5}`;
    });
    const file = join(folder, 'trace.csv');
    await writeFile(file, ['TIMESTAMP,ContextTokens,GeneratedTokens', ...rows, ''].join('\n'));
    const demo = startDemo('--trace', file, '--once');
    expect(await demo.ended, demo.output()).toBe(0);
    expect(demo.output()).toMatch(/\b60\b/);
  });

  it('exits with another code and a reason when the trace cannot be read', async () => {
    const demo = startDemo('--trace', join(folder, 'missing.csv'), '--once');
    expect(await demo.ended).not.toBe(0);
    expect(demo.output()).toContain('missing.csv');
  });
});
