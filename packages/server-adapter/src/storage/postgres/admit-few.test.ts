import { expect, it } from 'vitest';
import { admitFew } from './admit-few.ts';

it('runs no more at a time than it was told, in the order in which they came', async () => {
  const admit = admitFew(2);
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  await Promise.all(
    [1, 2, 3, 4, 5].map((number) =>
      admit(async () => {
        begun.push(number);
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 1));
        running -= 1;
      }),
    ),
  );
  expect({ begun, most }).toEqual({ begun: [1, 2, 3, 4, 5], most: 2 });
});

it('goes on after work that fails, and passes on how it failed', async () => {
  const admit = admitFew(1);
  const failed = admit(() => Promise.reject(new Error('away')));
  const next = admit(() => Promise.resolve('done'));
  await expect(failed).rejects.toThrow('away');
  await expect(next).resolves.toBe('done');
  await expect(admit(() => Promise.resolve('again'))).resolves.toBe('again');
});
