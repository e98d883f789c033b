import type { Mistral } from '@mistralai/mistralai';
import { onTestFinished } from 'vitest';
import { createTestTracker, type TestTracker } from '../../../testing/create-test-tracker.ts';
import { wrapMistral } from '../wrap-mistral.ts';
import { sdkVersions, type MistralConstructor } from './sdk-versions.ts';
import { startFakeMistral, type FakeMistral, type FakeMistralReply } from './start-fake-mistral.ts';

/** A wrapped client, the provider it talks to and the tracker it reports to; all end with the test. */
export interface Setup {
  readonly provider: FakeMistral;
  readonly tracker: TestTracker;
  readonly client: Mistral;
  /** Another client of the same provider that nothing is wrapped around. */
  readonly bare: Mistral;
}

/** The version that most tests run on. */
export const newest: MistralConstructor = (() => {
  const version = sdkVersions.at(-1);
  if (!version) throw new Error('no SDK');
  return version.Mistral;
})();

type Replies = Parameters<typeof startFakeMistral>[0];
type Options = NonNullable<ConstructorParameters<MistralConstructor>[0]>;

export async function setUp(
  reply: FakeMistralReply | Replies,
  options: Options = {},
  Client: MistralConstructor = newest,
): Promise<Setup> {
  const provider = await startFakeMistral(typeof reply === 'function' ? reply : () => reply);
  const tracker = createTestTracker();
  onTestFinished(async () => {
    await provider.close();
    await tracker.shutdown();
  });
  const make = (): Mistral => new Client({ apiKey: 'test', serverURL: provider.baseURL, ...options });
  return { provider, tracker, client: wrapMistral(make(), tracker), bare: make() };
}

/** The one call that was recorded. */
export async function onlyCall(tracker: TestTracker) {
  const calls = await tracker.calls();
  const [call] = calls;
  if (!call || calls.length > 1) throw new Error(`One call was expected, ${calls.length} were recorded.`);
  return call;
}

/** All calls in the order of their attempts. */
export async function byAttempt(tracker: TestTracker) {
  return [...(await tracker.calls())].sort((a, b) => a.attempt - b.attempt);
}
