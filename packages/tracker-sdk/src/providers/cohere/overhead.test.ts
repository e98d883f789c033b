import { CohereClientV2 } from 'cohere-ai';
import { expect, test } from 'vitest';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { wrapCohere } from './wrap-cohere.ts';

/** How many turns of the microtask queue pass between a call and its request. */
async function turnsUntilSent(wrap: (client: CohereClientV2) => CohereClientV2): Promise<number> {
  let sent = false;
  const fetching: typeof fetch = async () => {
    sent = true;
    return Response.json({ id: 'x', message: { role: 'assistant', content: [] } });
  };
  const client = wrap(new CohereClientV2({ token: 'test', fetch: fetching }));
  const answer = client.chat({ model: 'command-a-03-2025', messages: [{ role: 'user', content: 'Hi' }] });
  let turns = 0;
  for (; !sent; turns++) await undefined;
  await answer;
  return turns;
}

test('conformance 15: no turn is waited for before the first byte', async () => {
  const tracker = createTestTracker();
  const bare = await turnsUntilSent((client) => client);
  expect(await turnsUntilSent((client) => wrapCohere(client, tracker))).toBe(bare);
  expect(await tracker.calls()).toHaveLength(1);
  await tracker.shutdown();
});
