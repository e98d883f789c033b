import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workspaceRoot } from '../checks/workspace-root.ts';
import { packageDirections, packageLayers } from '../layers.ts';
import { findCycles } from './find-cycles.ts';
import { importsOf } from './imports-of.ts';
import { layerViolations } from './layer-violations.ts';
import { packageViolations } from './package-violations.ts';
import { readSources, sourceFile } from './source-file.ts';

const server = packageLayers['server-adapter'] ?? {};

describe('reading imports', () => {
  it('sees static, type-only, re-exported, dynamic and in-type imports', () => {
    const text = `
      import { a } from './a.ts';
      import type { B } from './b.ts';
      export { c } from './c.ts';
      export type { D } from './d.ts';
      export const e = () => import('./e.ts');
      export type F = import('./f.ts').F;
      import './g.css';`;
    const seen = importsOf('x.ts', text).map(({ specifier, typeOnly }) => `${specifier} ${typeOnly}`);
    expect(seen.sort()).toEqual([
      './a.ts false',
      './b.ts true',
      './c.ts false',
      './d.ts true',
      './e.ts false',
      './f.ts true',
      './g.css false',
    ]);
  });
});

describe('cycles', () => {
  it('finds a ring made of types alone', () => {
    const ring = [
      sourceFile('a.ts', `import type { B } from './b.ts'; export type A = B;`),
      sourceFile('b.ts', `import type { C } from './c/c.ts'; export type B = C;`),
      sourceFile('c/c.ts', `import type { A } from '../a.ts'; export type C = A;`),
      sourceFile('d.ts', `import type { A } from './a.ts'; export type D = A;`),
    ];
    expect(findCycles(ring)).toEqual([['a.ts', 'b.ts', 'c/c.ts']]);
  });

  it('accepts two ways to the same file', () => {
    const diamond = [
      sourceFile('a.ts', `import './b.ts'; import './c.ts';`),
      sourceFile('b.ts', `import './d.ts';`),
      sourceFile('c.ts', `import './d.ts';`),
      sourceFile('d.ts', ''),
    ];
    expect(findCycles(diamond)).toEqual([]);
  });
});

describe('layers', () => {
  const wrong: readonly [string, string, string][] = [
    ['upwards', 'pricing/cost-of-call.ts', '../ingestion/ingest.ts'],
    ['to a sibling in the same row', 'ingestion/ingest.ts', '../datasets/run-query.ts'],
    ['to an engine', 'create-tallykit.ts', './storage/engines/embedded/index.ts'],
    ['from one engine to another', 'storage/engines/postgres/index.ts', '../embedded/index.ts'],
    ['from storage to the domain', 'storage/postgres/append.ts', '../../pricing/cost-of-call.ts'],
    ['to what is for tests', 'ingestion/ingest.ts', '../testing/builders.ts'],
  ];
  it.each(wrong)('finds an import %s', (_name, from, to) => {
    expect(layerViolations([sourceFile(from, `import type { X } from '${to}';`)], server)).toHaveLength(1);
  });

  it('finds a file that has no place in the table', () => {
    expect(layerViolations([sourceFile('extras/thing.ts', '')], server)).toHaveLength(1);
  });

  it('accepts imports downwards, within a folder, and between the files that join the parts', () => {
    const right = [
      sourceFile('ingestion/ingest.ts', `import '../pricing/cost-of-call.ts'; import './validate.ts';`),
      sourceFile('storage/engines/embedded/index.ts', `import '../../postgres/append.ts';`),
      sourceFile('create-tallykit.ts', `import './options.ts';`),
      sourceFile('cli/serve.ts', `import '../storage/engines/embedded/index.ts';`),
    ];
    expect(layerViolations(right, server)).toEqual([]);
  });

  it('finds a value taken from a package that may give types only, and a package out of reach', () => {
    const files = [
      sourceFile('a.ts', `import { parse } from '@tallykit/protocol';`),
      sourceFile('b.ts', `import type { X } from '@tallykit/server-adapter';`),
      sourceFile('c.ts', `import type { X } from '@tallykit/protocol';`),
    ];
    expect(packageViolations('tracker-sdk', files, { protocol: 'types' })).toHaveLength(2);
  });

  it('accepts values of a sub-path that is copied into the build, in its folder alone', () => {
    const directions = { protocol: { inlined: { '@tallykit/protocol/small': 'otel/' } } };
    const right = [sourceFile('otel/a.ts', `import { read } from '@tallykit/protocol/small';`)];
    expect(packageViolations('tracker-sdk', right, directions)).toEqual([]);
    const wrong = [
      sourceFile('context/a.ts', `import { read } from '@tallykit/protocol/small';`),
      sourceFile('otel/b.ts', `import { read } from '@tallykit/protocol';`),
    ];
    expect(packageViolations('tracker-sdk', wrong, directions)).toHaveLength(2);
  });
});

describe.each(Object.keys(packageDirections))('%s', (name) => {
  const sources = readSources(join(workspaceRoot, 'packages', name, 'src'));

  it('has no import cycle', async () => {
    expect(findCycles(await sources)).toEqual([]);
  });

  it('imports in the direction of its layers', async () => {
    const layers = packageLayers[name];
    expect(layers ? layerViolations(await sources, layers) : []).toEqual([]);
  });

  it('imports only the sibling packages it may', async () => {
    expect(packageViolations(name, await sources, packageDirections[name] ?? {})).toEqual([]);
  });
});
