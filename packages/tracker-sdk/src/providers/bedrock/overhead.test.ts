import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { expect, test } from 'vitest';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { wrapBedrock } from './wrap-bedrock.ts';

/** How many turns of the microtask queue pass between a call and its request. */
async function turnsUntilSent(wrap: (client: BedrockRuntimeClient) => BedrockRuntimeClient): Promise<number> {
  let sent = false;
  const requestHandler = {
    async handle(): Promise<never> {
      sent = true;
      throw Object.assign(new Error('sent'), { name: 'AbortError' });
    },
  };
  const client = wrap(
    new BedrockRuntimeClient({
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      requestHandler,
      maxAttempts: 1,
    }),
  );
  const send = () => client.send(new ConverseCommand({ modelId: 'm', messages: [] })).catch(() => undefined);
  // What the SDK reads from its surroundings it keeps after the first call.
  await send();
  sent = false;
  const answer = send();
  let turns = 0;
  for (; !sent; turns++) await undefined;
  await answer;
  return turns;
}

test('conformance 15: no turn is waited for before the first byte', async () => {
  const tracker = createTestTracker();
  const bare = await turnsUntilSent((client) => client);
  expect(await turnsUntilSent((client) => wrapBedrock(client, tracker))).toBe(bare);
  expect(await tracker.calls()).toHaveLength(2);
  await tracker.shutdown();
});
