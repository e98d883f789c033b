import { expect, test } from 'vitest';
import { chatReply } from './__fixtures__/cohere-wire.ts';
import { setUp } from './__fixtures__/set-up.ts';
import { wrapCohere } from './wrap-cohere.ts';

const request = { model: 'command-a-03-2025', messages: [{ role: 'user' as const, content: 'Hi' }] };
const usage = { billed_units: { input_tokens: 20, output_tokens: 7 } };

test('conformance 11: an answer seen twice carries the same response id twice, and another copy of the package sees the mark', async () => {
  const { client, tracker } = await setUp(chatReply({ pieces: ['x'], usage }));
  expect(Symbol.for('tallykit.wrapped') in client).toBe(true);
  expect(wrapCohere(client, tracker)).toBe(client);
  await client.chat(request);
  await client.chat(request);
  const calls = await tracker.calls();
  expect(calls.map(({ responseId }) => responseId)).toEqual(['c14c80c3', 'c14c80c3']);
});

test('a wrapper above this one leaves one call: the one closest to the wire', async () => {
  const { client, tracker } = await setUp(chatReply({ pieces: ['x'], usage }));
  const outer = tracker.recorder.start({ provider: 'langchain', operation: 'chat', requestModel: 'any' });
  await tracker.recorder.within(outer, () => client.chat(request));
  outer.end({ status: 'ok', complete: true });
  expect((await tracker.calls()).map(({ provider }) => provider)).toEqual(['cohere']);
});
