import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { expect, test } from 'vitest';
import { converseReply } from './__fixtures__/bedrock-wire.ts';
import { setUp } from './__fixtures__/set-up.ts';
import { wrapBedrock } from './wrap-bedrock.ts';

const reply = converseReply({ pieces: ['x'], usage: { inputTokens: 16, outputTokens: 7 } });
const command = () =>
  new ConverseCommand({
    modelId: 'us.amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
  });

test('conformance 11: another copy of the package sees the mark, and calls differ by the id of their request', async () => {
  const { client, tracker } = await setUp(reply);
  expect(Symbol.for('tallykit.wrapped') in client).toBe(true);
  expect(wrapBedrock(client, tracker)).toBe(client);
  await client.send(command());
  await client.send(command());
  const calls = await tracker.calls();
  expect(calls.map(({ responseId }) => responseId)).toEqual(['request-0', 'request-1']);
});

test('a command that is sent twice at once is two calls', async () => {
  const { client, tracker } = await setUp(reply);
  const one = command();
  await Promise.all([client.send(one), client.send(one)]);
  expect(await tracker.calls()).toHaveLength(2);
});

test('a wrapper above this one leaves one call: the one closest to the wire', async () => {
  const { client, tracker } = await setUp(reply);
  const outer = tracker.recorder.start({ provider: 'langchain', operation: 'chat', requestModel: 'any' });
  await tracker.recorder.within(outer, () => client.send(command()));
  outer.end({ status: 'ok', complete: true });
  expect((await tracker.calls()).map(({ provider }) => provider)).toEqual(['aws']);
});

test('a failure that the host forgets stays unhandled, as it is without us', async () => {
  const { client, tracker } = await setUp({ failure: { status: 400, type: 'ValidationException' } });
  const unhandled: unknown[] = [];
  const listeners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (reason) => unhandled.push(reason));
  try {
    void client.send(command());
    await expect.poll(() => tracker.stats().recorded).toBe(1);
    await expect.poll(() => unhandled.length).toBe(1);
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const listener of listeners) process.on('unhandledRejection', listener);
  }
  expect(unhandled).toHaveLength(1);
});
