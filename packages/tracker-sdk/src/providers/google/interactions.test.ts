import { describe, expect, test } from 'vitest';
import { collect } from '../../testing/collect.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';
import { onlyCall, setUp } from './__fixtures__/set-up.ts';
import { model } from './__fixtures__/wire-answers.ts';

const told = {
  total_input_tokens: 120,
  total_cached_tokens: 40,
  total_output_tokens: 10,
  total_thought_tokens: 64,
  total_tool_use_tokens: 30,
  total_tokens: 224,
  input_tokens_by_modality: [
    { modality: 'text', tokens: 70 },
    { modality: 'audio', tokens: 50 },
  ],
  grounding_tool_count: [
    { type: 'google_search', count: 2 },
    { type: 'google_maps', count: 5 },
  ],
};
const usage = { input: 60, inputAudio: 50, cacheRead: 40, output: 10, reasoning: 64, webSearches: 2 };
const asked = { model, input: 'canary' };
const interaction = (status: string, more: object = {}) => ({
  id: 'int_1',
  object: 'interaction',
  model,
  status,
  steps: [{ type: 'model_output', content: [{ type: 'text', text: 'canary' }] }],
  ...more,
});
const delta = (text: string, more: object = {}) => ({
  event_type: 'step.delta',
  index: 0,
  delta: { type: 'text', text },
  ...more,
});
const events = [
  { event_type: 'interaction.created', interaction: { id: 'int_1', model, status: 'in_progress' } },
  delta('12345678'),
  delta('more'),
  { event_type: 'interaction.completed', interaction: interaction('completed', { usage: told }) },
];

const versions = sdkVersions.filter(({ showsRetries }) => showsRetries);

describe.each(versions)('interactions on $name', (version) => {
  test('count tokens, sound, thoughts and searches, whole and streamed', async () => {
    const { client, tracker } = await setUp(
      ({ body }) => ({ answers: body['stream'] ? events : [interaction('completed', { usage: told })] }),
      {},
      version,
    );
    await client.interactions.create(asked);
    expect(await collect(await client.interactions.create({ ...asked, stream: true }))).toHaveLength(4);
    const calls = await tracker.calls();
    expect(calls).toHaveLength(2);
    for (const call of calls) {
      expect(call).toMatchObject({
        provider: 'google',
        operation: 'interaction',
        status: 'ok',
        complete: true,
      });
      expect(call).toMatchObject({ requestModel: model, responseModel: model, responseId: 'int_1' });
      expect(call.usage).toEqual(usage);
    }
    expect(JSON.stringify(tracker.requests())).not.toContain('canary');
  });

  test('a stream that is left keeps what its events had told, or is estimated', async () => {
    const metadata = { total_usage: { total_input_tokens: 30, total_output_tokens: 2, total_tokens: 32 } };
    const { client, tracker } = await setUp(
      ({ index }) => ({ chunkDelayMs: 4, answers: index ? [delta('x', { metadata }), ...events] : events }),
      {},
      version,
    );
    for (let turn = 0; turn < 2; turn++) {
      for await (const event of await client.interactions.create({ ...asked, stream: true }))
        if (event.event_type === 'step.delta') break;
    }
    const calls = await tracker.calls();
    expect(
      calls.map((call) => [call.status, call.complete, call.usage, call.estimate?.usage.output]),
    ).toEqual([
      ['aborted', false, undefined, 2],
      ['aborted', false, { input: 30, output: 2 }, undefined],
    ]);
  });

  test('an abort is told apart from an error', async () => {
    const { client, tracker } = await setUp(
      { answers: events, interrupt: { afterEvents: 2, then: 'hang' } },
      {},
      version,
    );
    const controller = new AbortController();
    const options = { signal: controller.signal, fetchOptions: { signal: controller.signal } };
    const stream = await client.interactions.create({ ...asked, stream: true }, options);
    const reading = (async () => {
      for await (const event of stream) if (event.event_type === 'step.delta') controller.abort();
    })();
    // Whether an aborted stream ends quietly or with an error is the SDK's own affair.
    await reading.catch(() => undefined);
    expect(await onlyCall(tracker)).toMatchObject({ status: 'aborted', complete: false });
  });

  test('how it ended is what the interaction says', async () => {
    const states = ['failed', 'cancelled', 'requires_action', 'in_progress'];
    const { client, tracker } = await setUp(
      ({ index }) => ({ answers: [interaction(states[index] ?? '')] }),
      {},
      version,
    );
    for (const state of states)
      expect(await client.interactions.create(asked)).toMatchObject({ status: state });
    const calls = await tracker.calls();
    expect(calls.map((call) => [call.status, call.complete])).toEqual([
      ['error', true],
      ['aborted', true],
      ['ok', true],
      ['ok', false],
    ]);
  });

  test('an error is the same as without the wrapper, and is recorded', async () => {
    const { client, bare, tracker } = await setUp({ failure: 400 }, {}, version);
    const failed = async (from: typeof client) =>
      from.interactions.create(asked).catch((error: unknown) => error as Error);
    const [seen, plain] = [await failed(client), await failed(bare)];
    expect(seen.constructor).toBe(plain.constructor);
    expect(await onlyCall(tracker)).toMatchObject({ status: 'error', httpStatus: 400 });
  });

  test('a client of a run has interactions of its own', async () => {
    const { client, tracker } = await setUp(
      { answers: [interaction('completed', { usage: told })] },
      {},
      version,
    );
    await client.interactions.create(asked);
    await tracker.run({ customerId: 'c1' }, (context) => context.wrap(client).interactions.create(asked));
    await client.interactions.create(asked);
    expect((await tracker.calls()).map((call) => call.customerId)).toEqual([undefined, 'c1', undefined]);
    expect(client.interactions).toBe(client.interactions);
  });
});

test('the interactions of version 1 are left alone', async () => {
  const [oldest] = sdkVersions;
  const { client, tracker } = await setUp(
    { answers: [interaction('completed', { usage: told })] },
    {},
    oldest,
  );
  expect(await client.interactions.create(asked)).toMatchObject({ id: 'int_1' });
  expect(await tracker.calls()).toHaveLength(0);
});
