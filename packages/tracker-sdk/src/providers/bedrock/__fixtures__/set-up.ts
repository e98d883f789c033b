import type { BedrockRuntime } from '@aws-sdk/client-bedrock-runtime';
import { onTestFinished } from 'vitest';
import { createTestTracker, type TestTracker } from '../../../testing/create-test-tracker.ts';
import { wrapBedrock } from '../wrap-bedrock.ts';
import { newClient } from './open-driver.ts';
import { type FakeBedrockReply, startFakeBedrock } from './start-fake-bedrock.ts';

/** A wrapped client and a bare one, the provider they talk to and the tracker; all end with the test. */
export async function setUp(reply: FakeBedrockReply | Parameters<typeof startFakeBedrock>[0]) {
  const provider = await startFakeBedrock(typeof reply === 'function' ? reply : () => reply);
  const tracker = createTestTracker();
  const bare = newClient(provider.endpoint);
  const client: BedrockRuntime = wrapBedrock(newClient(provider.endpoint), tracker);
  onTestFinished(async () => {
    bare.destroy();
    client.destroy();
    await provider.close();
    await tracker.shutdown();
  });
  return { provider, tracker, client, bare };
}

/** The one call that was recorded. */
export async function onlyCall(tracker: TestTracker) {
  const calls = await tracker.calls();
  const [call] = calls;
  if (!call || calls.length > 1) throw new Error(`One call was expected, ${calls.length} were recorded.`);
  return call;
}

/** A stream that must be there. */
export function present<Item>(stream: AsyncIterable<Item> | undefined): AsyncIterable<Item> {
  if (!stream) throw new Error('The answer has no stream.');
  return stream;
}
