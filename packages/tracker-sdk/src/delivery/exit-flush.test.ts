import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createTracker } from '../create-tracker.ts';
import { startCollector } from './__fixtures__/start-collector.ts';

const host = fileURLToPath(new URL('./__fixtures__/exiting-host.ts', import.meta.url));
const runHost = (endpoint: string, ...numbers: readonly number[]) =>
  promisify(execFile)(process.execPath, ['--conditions=dev-source', host, endpoint, ...numbers.map(String)]);

test('conformance 12, process exit: a process that ends by itself sends what is left first', async () => {
  const collector = await startCollector();
  const { stdout } = await runHost(collector.endpoint, 1200, 10_000);
  await collector.close();
  expect(collector.landed.size).toBe(1200);
  expect(stdout).toBe('');
});

test('conformance 12, process exit: a process that ends with the server down ends in time, and says what it lost', async () => {
  const began = Date.now();
  const { stdout } = await runHost('http://127.0.0.1:9', 25, 300);
  expect(stdout).toBe('lost 25 process_exit\n');
  expect(Date.now() - began).toBeLessThan(4000);
});

test('an idle tracker leaves no listener behind', async () => {
  const before = process.listenerCount('beforeExit');
  const tracker = createTracker({ transport: async () => ({ accepted: 1, duplicates: 0, problems: [] }) });
  expect(process.listenerCount('beforeExit')).toBe(before);
  tracker.signal('x');
  expect(process.listenerCount('beforeExit')).toBe(before + 1);
  await tracker.shutdown();
  expect(process.listenerCount('beforeExit')).toBe(before);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) expect(process.listenerCount(signal)).toBe(0);
});
