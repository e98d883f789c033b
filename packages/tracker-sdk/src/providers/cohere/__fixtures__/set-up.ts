import { CohereClient, CohereClientV2 } from 'cohere-ai';
import { onTestFinished } from 'vitest';
import { createTestTracker, type TestTracker } from '../../../testing/create-test-tracker.ts';
import { wrapCohere } from '../wrap-cohere.ts';
import { type FakeCohereReply, startFakeCohere } from './start-fake-cohere.ts';

/** Wrapped and bare clients, the provider they talk to and the tracker; all end with the test. */
export async function setUp(reply: FakeCohereReply | Parameters<typeof startFakeCohere>[0]) {
  const provider = await startFakeCohere(typeof reply === 'function' ? reply : () => reply);
  const tracker = createTestTracker();
  onTestFinished(async () => {
    await provider.close();
    await tracker.shutdown();
  });
  const options = { token: 'test', baseUrl: provider.baseUrl };
  const bare = new CohereClientV2(options);
  const client = wrapCohere(new CohereClientV2(options), tracker);
  const first = wrapCohere(new CohereClient(options), tracker);
  return { provider, tracker, client, bare, first };
}

/** The one call that was recorded. */
export async function onlyCall(tracker: TestTracker) {
  const calls = await tracker.calls();
  const [call] = calls;
  if (!call || calls.length > 1) throw new Error(`One call was expected, ${calls.length} were recorded.`);
  return call;
}
