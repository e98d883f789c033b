import { expect, test } from 'vitest';
import { answerInMemory, markOf, markPattern, requestOf } from './provider-in-memory.ts';

const ask = async (request: object): Promise<string> =>
  (await answerInMemory(3)('https://provider.test', { body: JSON.stringify(request) })).text();

test('the answer carries the mark of its request in its id, streamed or not', async () => {
  expect(JSON.parse(await ask(requestOf(7)))).toMatchObject({
    id: expect.stringContaining(`chatcmpl-${markOf(7)}`),
  });
  const chunks = (await ask(requestOf(8, true))).split('\n\n').filter((line) => line.startsWith('data: {'));
  expect(chunks).toHaveLength(5);
  expect(new Set(chunks.map((line) => [...line.matchAll(markPattern)][0]?.[1]))).toEqual(
    new Set(['0000008']),
  );
});

test('two answers to one request have ids of their own', async () => {
  const [one, two] = [await ask(requestOf(7)), await ask(requestOf(7))];
  expect(one).not.toBe(two);
});
