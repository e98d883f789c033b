import { expect, test, vi } from 'vitest';
import { createQueue } from './queue.ts';

const events = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `{"n":${from + index}}`);

function filled(count: number, maxEvents = 1000) {
  const queue = createQueue(maxEvents, 1_000_000);
  for (const event of events(0, count)) queue.push(event, true);
  return queue;
}

test('gives events back in the order in which they came, also those that were packed', async () => {
  const queue = filled(60);
  const before = queue.bytes();
  await queue.pack(20);
  expect(queue.count()).toBe(60);
  expect(await queue.take(15, 1e6)).toEqual(events(0, 15));
  expect(await queue.take(30, 1e6)).toHaveLength(30);
  expect((await queue.take(99, 1e6)).length + (await queue.take(99, 1e6)).length).toBe(15);
  expect([queue.count(), queue.bytes()]).toEqual([0, 0]);
  expect(before).toBeGreaterThan(0);
});

test('packing makes it much smaller in memory', async () => {
  const queue = createQueue(10_000, 1e8);
  const event = JSON.stringify({
    kind: 'llm_call',
    provider: 'openai',
    requestModel: 'gpt-4o-mini',
    operation: 'chat',
  });
  for (let index = 0; index < 2000; index++) queue.push(event, true);
  const before = queue.bytes();
  await queue.pack(500);
  expect(queue.bytes()).toBeLessThan(before * 0.3);
  expect(queue.count()).toBe(2000);
});

test('a small queue is not packed', async () => {
  const queue = filled(39);
  const before = queue.bytes();
  await queue.pack(20);
  expect(queue.bytes()).toBe(before);
});

test('full, it drops what is unimportant, then what is oldest, a pack at a time', async () => {
  const queue = filled(50, 60);
  await queue.pack(20);
  for (const event of ['"a"', '"b"']) queue.push(event, false);
  const dropped = events(50, 62).map((event) => queue.push(event, true));
  expect(dropped).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 20, 0]);
  expect(queue.count()).toBe(42);
  expect((await queue.take(1, 1e6))[0]).toBe('{"n":20}');
});

test('a batch has at most so many bytes, but always one event', async () => {
  const queue = filled(10);
  expect(await queue.take(10, 20)).toEqual(events(0, 2));
  expect(await queue.take(10, 1)).toEqual(events(2, 3));
  queue.restore(events(0, 3));
  expect(await queue.take(10, 1e6)).toEqual([...events(0, 3), ...events(3, 10)]);
});

test('events that were tried in vain matter as much as before: the unimportant ones still go first', async () => {
  const queue = createQueue(6, 1e6);
  for (const [index, event] of events(0, 6).entries()) queue.push(event, index % 2 === 0);
  queue.restore(await queue.take(6, 1e6));
  for (const event of events(6, 10)) expect(queue.push(event, true)).toBe(1);
  expect(await queue.take(9, 1e6)).toEqual([2, 4, 6, 7, 8, 9].map((n) => `{"n":${n}}`));
  expect(queue.bytes()).toBe(0);
});

test('events that are being packed when the runtime ends whoever packs them are not gone', async () => {
  const queue = filled(60);
  vi.stubGlobal('CompressionStream', function neverEnding() {
    return new TransformStream({ flush: () => new Promise<void>(() => undefined) });
  });
  void queue.pack(20);
  await new Promise((resolve) => setTimeout(resolve));
  vi.unstubAllGlobals();
  expect(queue.count()).toBe(60);
  expect(await queue.take(100, 1e6)).toEqual(events(0, 60));
});

test('a pack that two open at once is handed out once', async () => {
  const queue = filled(40);
  await queue.pack(20);
  const both = await Promise.all([queue.take(100, 1e6), queue.take(100, 1e6)]);
  expect(both.flat().toSorted()).toEqual(events(0, 40).toSorted());
  expect([queue.count(), queue.bytes()]).toEqual([0, 0]);
});
