import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withLock } from './with-lock.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallykit-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('lets one in at a time and leaves nothing behind', async () => {
  let inside = 0;
  let most = 0;
  const work = () =>
    withLock(join(folder, 'deep/lock'), async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 10));
      inside -= 1;
    });
  await Promise.all([work(), work(), work()]);
  expect(most).toBe(1);
  expect(await readdir(join(folder, 'deep'))).toEqual([]);
});

it('opens again after a failure', async () => {
  const lock = join(folder, 'lock');
  await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withLock(lock, () => Promise.resolve(1))).toBe(1);
});

it('takes over the lock of a process that is gone', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  await writeFile(join(folder, 'lock'), String(pid));
  expect(await withLock(join(folder, 'lock'), () => Promise.resolve('done'))).toBe('done');
});
