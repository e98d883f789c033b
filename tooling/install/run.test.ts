import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { workspaceRoot } from '../checks/workspace-root.ts';

let root = '';

/** A workspace of the same shape whose installer is the given shell script, so that nothing is downloaded. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tallykit-run-'));
  await mkdir(join(root, 'tooling/build'), { recursive: true });
  await mkdir(join(root, 'tooling/checks'));
  await mkdir(join(root, 'apps/demo/server'), { recursive: true });
  await mkdir(join(root, 'packages/one'), { recursive: true });
  await cp(join(workspaceRoot, 'tooling/run.mjs'), join(root, 'tooling/run.mjs'));
  await cp(join(workspaceRoot, 'tooling/install'), join(root, 'tooling/install'), { recursive: true });
  await writeFile(join(root, 'package.json'), '{"type":"module"}');
  await writeFile(join(root, 'pnpm-lock.yaml'), 'one');
  await writeFile(join(root, 'tooling/build/build-workspace.ts'), `console.log('built');`);
  await writeFile(
    join(root, 'apps/demo/server/main.ts'),
    `console.log('demo', process.argv.slice(2).join(' '));`,
  );
  await writeFile(
    join(root, 'tooling/checks/run-checks.ts'),
    `console.log('1 passed, 0 failed, 0 skipped');`,
  );
});
afterEach(() => rm(root, { recursive: true, force: true }));

const installsNode = `mkdir -p node_modules/node/bin && ln -sf ${process.execPath} node_modules/node/bin/node`;

async function installer(script: string): Promise<void> {
  await mkdir(join(root, 'bin'), { recursive: true });
  await writeFile(join(root, 'bin/npx'), `#!/bin/sh\necho "npx $*" >> installs.log\n${script}\n`);
  await chmod(join(root, 'bin/npx'), 0o755);
}

async function installs(): Promise<number> {
  const log = await readFile(join(root, 'installs.log'), 'utf8').catch(() => '');
  return log.split('\n').filter((line) => line !== '').length;
}

interface Run {
  readonly code: number | null;
  readonly output: string;
}

function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [join(root, 'tooling/run.mjs'), ...args], {
    cwd: root,
    env: { ...process.env, PATH: [join(root, 'bin'), process.env['PATH']].join(delimiter) },
  });
  let output = '';
  const waiting: (() => void)[] = [];
  const collect = (chunk: Buffer): void => {
    output += String(chunk);
    for (const check of waiting) check();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = new Promise<Run>((resolve) => child.on('close', (code) => resolve({ code, output })));
  const printed = (text: string): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => void (output.includes(text) && resolve());
      waiting.push(check);
      check();
    });
  return { child, ended, printed };
}

const run = (...args: readonly string[]): Promise<Run> => start(...args).ended;

describe('npm run demo', () => {
  it('installs, builds, and starts the demo with what follows the two dashes', async () => {
    await installer(installsNode);
    const { code, output } = await run('demo', '--trace', 'a file.csv', '--once');
    expect(output.indexOf('built')).toBeGreaterThan(output.indexOf('Installing'));
    expect(output).toContain('demo --trace a file.csv --once');
    expect(code).toBe(0);
  });

  it('installs nothing the second time, and again when a manifest changed', async () => {
    await installer(installsNode);
    await run('demo');
    const { output } = await run('demo');
    expect(output).toContain('Dependencies are in place.');
    expect(await installs()).toBe(1);
    await writeFile(join(root, 'packages/one/package.json'), '{"name":"one"}');
    await run('demo');
    expect(await installs()).toBe(2);
  });

  it('does not start the demo when the build failed', async () => {
    await installer(installsNode);
    await writeFile(join(root, 'tooling/build/build-workspace.ts'), 'process.exitCode = 1;');
    const { code, output } = await run('demo');
    expect(output).not.toContain('demo');
    expect(code).toBe(1);
  });

  it("passes the demo's exit code on", async () => {
    await installer(installsNode);
    await writeFile(join(root, 'apps/demo/server/main.ts'), 'process.exitCode = 7;');
    expect((await run('demo')).code).toBe(7);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'hands %s on and waits for the demo to end by itself',
    async (signal) => {
      await installer(installsNode);
      const server = `
      process.on('${signal}', () => { console.log('closing'); setTimeout(() => process.exit(3), 50); });
      setInterval(() => {}, 1000);
      console.log('listening');`;
      await writeFile(join(root, 'apps/demo/server/main.ts'), server);
      const { child, ended, printed } = start('demo');
      await printed('listening');
      child.kill(signal);
      const { code, output } = await ended;
      expect(output).toContain('closing');
      expect(code).toBe(3);
    },
  );
});

describe('npm test', () => {
  it('ends with the count, whatever happens', async () => {
    await installer(installsNode);
    expect((await run('test')).output.trim().split('\n').at(-1)).toBe('1 passed, 0 failed, 0 skipped');
    await rm(join(root, 'node_modules'), { recursive: true });
    await installer('echo "ERR_PNPM_OUTDATED_LOCKFILE" >&2; exit 1');
    const { code, output } = await run('test');
    expect(output).toContain('pnpm-lock.yaml does not match');
    expect(output.trim().split('\n').at(-1)).toBe('0 passed, 1 failed, 0 skipped');
    expect(code).toBe(1);
  });

  it('says what to do without a network', async () => {
    await installer('echo "getaddrinfo EAI_AGAIN registry" >&2; exit 1');
    const { code, output } = await run('test');
    expect(output).toContain('the npm registry could not be reached');
    expect(code).toBe(1);
  });

  it('says what the workspace Node says when it does not start', async () => {
    const broken = 'node_modules/node/bin/node';
    const script = `mkdir -p node_modules/node/bin && printf '#!/bin/sh\\necho libatomic is missing >&2; exit 127\\n' > ${broken}`;
    await installer(`${script} && chmod +x ${broken}`);
    const { code, output } = await run('test');
    expect(output).toContain('libatomic is missing');
    expect(code).toBe(1);
  });

  it('says what to do when install scripts are switched off', async () => {
    await installer('mkdir -p node_modules');
    expect((await run('test')).output).toContain('ignore-scripts');
  });
});

it('refuses a command that it does not know', async () => {
  const { code, output } = await run('deploy');
  expect(output).toContain('npm run demo');
  expect(code).toBe(2);
});
