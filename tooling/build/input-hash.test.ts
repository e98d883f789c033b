import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hashInputs } from './input-hash.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tallykit-hash-'));
  await mkdir(join(root, 'src/deep'), { recursive: true });
  await writeFile(join(root, 'src/deep/a.ts'), 'one');
});
afterEach(() => rm(root, { recursive: true }));

it('stays the same while nothing that is built changes', async () => {
  const before = await hashInputs(root, ['src', 'missing.json']);
  await writeFile(join(root, 'src/a.test.ts'), 'a test');
  await mkdir(join(root, 'src/dist'));
  await writeFile(join(root, 'src/dist/a.js'), 'output');
  expect(await hashInputs(root, ['src', 'missing.json'])).toBe(before);
});

it('changes with the content, the name and the number of files', async () => {
  const seen = [await hashInputs(root, ['src'])];
  await writeFile(join(root, 'src/deep/a.ts'), 'two');
  seen.push(await hashInputs(root, ['src']));
  await writeFile(join(root, 'src/b.ts'), '');
  seen.push(await hashInputs(root, ['src']));
  await rm(join(root, 'src/b.ts'));
  await writeFile(join(root, 'src/c.ts'), '');
  seen.push(await hashInputs(root, ['src']));
  expect(new Set(seen).size).toBe(seen.length);
});
