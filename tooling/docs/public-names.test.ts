import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { workspaceRoot } from '../checks/workspace-root.ts';
import { undocumentedNames } from './public-names.ts';

it('finds what lacks a description or an example', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'public-names-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'src'));
  const exports = { '.': { 'dev-source': './src/index.ts' }, './package.json': './package.json' };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'made-up', exports }));
  const lines = [
    'export const bare = 1;',
    '/** Said. */\nexport interface Said {}',
    '/** Said and not shown. */\nexport function said() {}',
    '/**\n * Said and shown.\n *\n * @example\n * shown();\n */\nexport function shown() {}',
  ];
  await writeFile(join(folder, 'src/index.ts'), lines.join('\n'));
  expect(undocumentedNames(folder)).toEqual([
    { place: 'made-up . said', missing: 'example' },
    { place: 'made-up . bare', missing: 'description' },
  ]);
});

it.each(['protocol', 'tracker-sdk', 'server-adapter', 'client', 'widgets'])(
  'says what every public name of %s is, and shows functions and errors in use',
  (name) => {
    expect(undocumentedNames(join(workspaceRoot, 'packages', name))).toEqual([]);
  },
);
