import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StorageError } from '../../contract/storage-error.ts';
import { lockFolder } from './folder-lock.ts';

describe('lockFolder', () => {
  let folder = '';
  const lockFile = (): string => join(folder, 'tallykit.lock');
  const refusal = (): string | null => {
    try {
      lockFolder(folder).release();
      return null;
    } catch (error) {
      return StorageError.is(error) ? error.code : String(error);
    }
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tallykit-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('holds a folder until it is released', () => {
    const lock = lockFolder(folder);
    expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toMatchObject({ pid: process.pid });
    expect(refusal()).toBe('store_in_use');
    lock.release();
    expect(existsSync(lockFile())).toBe(false);
    expect(refusal()).toBeNull();
  });

  it('refuses while another process lives and takes over when it was killed', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    writeFileSync(lockFile(), JSON.stringify({ pid: other.pid, began: null }));
    expect(refusal()).toBe('store_in_use');
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(refusal()).toBeNull();
  });

  it.runIf(existsSync('/proc/self/stat'))(
    'is not kept out by a process that got the number of a dead one',
    () => {
      writeFileSync(lockFile(), JSON.stringify({ pid: process.pid, began: '1' }));
      expect(refusal()).toBeNull();
    },
  );

  it('takes over from a process that was killed while it wrote', () => {
    writeFileSync(lockFile(), '{"pid":');
    expect(refusal()).toBeNull();
  });

  it('lets one of many in that come at the same moment', async () => {
    const state = new Int32Array(new SharedArrayBuffer(12));
    const code = `
      const { workerData: { state, folder, module } } = require('node:worker_threads');
      import(module).then(({ lockFolder }) => {
        Atomics.add(state, 2, 1);
        while (Atomics.load(state, 2) < 3);
        for (let attempt = 0; attempt < 2000; attempt += 1) {
          try {
            const lock = lockFolder(folder);
            if (Atomics.add(state, 0, 1) > 0) Atomics.add(state, 1, 1);
            Atomics.sub(state, 0, 1);
            lock.release();
          } catch (error) {
            if (error.code !== 'store_in_use') throw error;
          }
        }
      });`;
    const module = new URL('./folder-lock.ts', import.meta.url).href;
    const workers = [1, 2, 3].map(
      () => new Worker(code, { eval: true, workerData: { state, folder, module } }),
    );
    await Promise.all(workers.map((worker) => once(worker, 'exit')));
    expect([...state]).toEqual([0, 0, 3]);
  });
});
