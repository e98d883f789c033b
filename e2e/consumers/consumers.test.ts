import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../tooling/checks/run-command.ts';
import { assembleConsumer, fixtureNames, packFirst } from './assemble-consumer.ts';
import { compilers, typeErrors } from './typecheck.ts';

const react = ['react', 'react-dom', '@types/react', '@types/react-dom', '@tanstack/react-query'];

beforeAll(packFirst);

it('has a test for every consumer', async () => {
  expect(await fixtureNames()).toEqual(['commonjs-tracker', 'node-server', 'strict-bundler', 'vite-react']);
});

describe('a CommonJS host without bundler', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await assembleConsumer('commonjs-tracker', ['openai', '@types/node']);
  });

  it.each(compilers)('compiles with %s under node16 resolution, without skipLibCheck', async (compiler) => {
    expect(await typeErrors(folder, compiler)).toEqual([]);
  });

  it('requires the tracker and runs a call context', async () => {
    const { code, output } = await runCommand('node', ['out/main.js'], { cwd: folder, timeoutMs: 30_000 });
    expect(output.trim()).toBe('function 42 true');
    expect(code).toBe(0);
  });
});

describe('a strict ESM host with a bundler', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await assembleConsumer('strict-bundler', [...react, 'openai', '@types/node']);
  });

  it.each(compilers)('compiles with %s under bundler resolution, without skipLibCheck', async (compiler) => {
    expect(await typeErrors(folder, compiler)).toEqual([]);
  });
});

describe('a Vite page with React', () => {
  it('builds into one page with our style sheet and without anything of Node', async () => {
    const folder = await assembleConsumer('vite-react', [...react, 'vite', '@vitejs/plugin-react']);
    const { code, output } = await runCommand('vite', ['build', '--logLevel', 'warn'], {
      cwd: folder,
      timeoutMs: 120_000,
    });
    expect(output).not.toMatch(/externalized for browser compatibility/);
    expect(code, output).toBe(0);
    const assets = await readdir(join(folder, 'dist/assets'));
    const texts = await Promise.all(
      assets.map((name) => readFile(join(folder, 'dist/assets', name), 'utf8')),
    );
    expect(assets.some((name) => name.endsWith('.css'))).toBe(true);
    expect(texts.join('\n')).toContain('@layer');
  });
});

describe('a Node host with the embedded engine', () => {
  it('mounts the packed server, takes an event and answers for it', async () => {
    const folder = await assembleConsumer('node-server', []);
    const { code, output } = await runCommand('node', ['main.mjs'], { cwd: folder, timeoutMs: 90_000 });
    expect(output).toContain('accepted 1');
    expect(code, output).toBe(0);
  });
});
