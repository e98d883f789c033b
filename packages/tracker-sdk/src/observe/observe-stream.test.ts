import { expect, test } from 'vitest';
import { type StreamWatcher, watchIterator } from './observe-stream.ts';

function watched(source: AsyncIterator<number>) {
  const seen: unknown[] = [];
  const watcher: StreamWatcher<number> = {
    item: (item) => seen.push(item) > 0,
    ended: (left) => seen.push(left ? 'left' : 'through'),
    failed: (error) => seen.push(error),
  };
  return { seen, items: watchIterator(source, watcher) };
}

/** The least that an iterator has to have. */
const bare = (): AsyncIterator<number> => ({ next: async () => ({ done: false, value: 1 }) });

test('a host may leave a stream that has no way of its own to be left', async () => {
  const { seen, items } = watched(bare());
  for await (const item of items) if (item) break;
  expect(seen).toEqual([1, 'left']);
});

test('what a host throws into a stream that takes nothing comes back to it', async () => {
  const { seen, items } = watched(bare());
  const mine = new Error('of the host');
  await expect(items.throw?.(mine)).rejects.toBe(mine);
  expect(seen).toEqual([mine]);
});

test('what a stream returns when it is left is what the host gets', async () => {
  async function* source(): AsyncGenerator<number> {
    yield 1;
  }
  const { seen, items } = watched(source());
  expect(await items.return?.('of the host')).toEqual({ done: true, value: 'of the host' });
  expect(seen).toEqual(['left']);
});
