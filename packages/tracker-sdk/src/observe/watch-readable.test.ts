import { expect, test } from 'vitest';
import { collect } from '../testing/collect.ts';
import { isReadable, watchReadable } from './watch-readable.ts';

/** A watched stream of numbers, and what its watcher was told. */
function watchedNumbers(last: number, failure?: Error) {
  let pulled = 0;
  const told: unknown[] = [];
  const stream = new ReadableStream<unknown>(
    {
      pull(controller) {
        if (pulled < last) controller.enqueue(++pulled);
        else if (failure) controller.error(failure);
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  watchReadable(stream, {
    item: (item) => !!told.push(item),
    ended: (left) => told.push(left ? 'left' : 'end'),
    failed: (error) => told.push(error),
  });
  return { stream, told, pulled: () => pulled };
}

test('nothing is read before the host reads', async () => {
  const { stream, told, pulled } = watchedNumbers(3);
  await undefined;
  expect([pulled(), told]).toEqual([0, []]);
  expect(await collect(stream)).toEqual([1, 2, 3]);
  expect(told).toEqual([1, 2, 3, 'end']);
});

test('a reader, a tee and a pipe are each told once', async () => {
  const byReader = watchedNumbers(2);
  const reader = byReader.stream.getReader();
  while (!(await reader.read()).done);
  const byTee = watchedNumbers(2);
  expect(await Promise.all(byTee.stream.tee().map((branch) => collect(branch)))).toEqual([
    [1, 2],
    [1, 2],
  ]);
  const byPipe = watchedNumbers(2);
  await byPipe.stream.pipeTo(new WritableStream());
  for (const { told } of [byReader, byTee, byPipe]) expect(told).toEqual([1, 2, 'end']);
});

test('a failure reaches the host and the watcher, and is the same', async () => {
  const mine = new Error('mine');
  for (const read of [collect, (stream: ReadableStream<unknown>) => collect(stream.tee()[0])]) {
    const { stream, told } = watchedNumbers(1, mine);
    await expect(read(stream)).rejects.toBe(mine);
    expect(told).toEqual([1, mine]);
  }
});

test('whoever cancels has left', async () => {
  const { stream, told } = watchedNumbers(3);
  await stream.cancel();
  expect(told).toEqual(['left']);
});

test('a stream is known by what it can do', () => {
  expect([new ReadableStream(), {}, null, undefined, 'text'].map(isReadable)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});
