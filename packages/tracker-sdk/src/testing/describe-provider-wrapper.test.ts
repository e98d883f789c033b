import { expect, test } from 'vitest';
import { driveChat, openDriver } from '../providers/openai/__fixtures__/open-driver.ts';
import { sdkVersions } from '../providers/openai/__fixtures__/sdk-versions.ts';
import { describeProviderWrapper, type ProviderWrapperSuite } from './describe-provider-wrapper.ts';
import type { ProviderWrapperPromise } from './wrapper-promises.ts';

/** Runs the suite and returns the titles of the promises that were broken. */
async function broken(suite: Pick<ProviderWrapperSuite, 'open' | 'skips'>): Promise<string[]> {
  const promises: { title: string; body: () => Promise<void> }[] = [];
  describeProviderWrapper({ ...suite, test: (title, body) => promises.push({ title, body }) });
  const titles: string[] = [];
  for (const { title, body } of promises) await body().catch(() => titles.push(title));
  return titles;
}

async function openUnwrapped() {
  const newest = sdkVersions.at(-1);
  if (!newest) throw new Error('no SDK');
  return { ...(await openDriver(newest.OpenAI, driveChat)), wrap: <Client>(client: Client) => client };
}

test('a wrapper that does nothing breaks every promise but the one not to meddle', async () => {
  const titles = await broken({ open: openUnwrapped });
  expect(titles).toHaveLength(18);
  expect(titles).not.toContain('leaves every item of a stream as it is');
});

test('a promise that is skipped with a reason is not run; one that does not exist cannot be', async () => {
  const promise = 'counts a call once, in exact buckets';
  const titles = await broken({ open: openUnwrapped, skips: [{ promise, reason: 'to see it skipped' }] });
  expect(titles).not.toContain(promise);
  const unknown = 'makes coffee' as ProviderWrapperPromise;
  await expect(broken({ open: openUnwrapped, skips: [{ promise: unknown, reason: '' }] })).rejects.toThrow(
    'makes no promise',
  );
});
