import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { workspaceRoot } from '../checks/workspace-root.ts';

it('is the same in the package that brings Node and in the engines that pnpm compares', async () => {
  const manifest = JSON.parse(await readFile(join(workspaceRoot, 'package.json'), 'utf8')) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  const workspace = await readFile(join(workspaceRoot, 'pnpm-workspace.yaml'), 'utf8');
  expect(/^nodeVersion: (\S+)$/m.exec(workspace)?.[1]).toBe(manifest.devDependencies['node']);
  expect(process.versions.node).toBe(manifest.devDependencies['node']);
});
