import { describe, expect, test } from 'vitest';
import { collect } from '../../testing/collect.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';
import { counted, setUp, usage } from './__fixtures__/set-up.ts';

// Lines as in https://platform.claude.com/docs/en/build-with-claude/batch-processing.
const message = (id: string) => ({
  id,
  type: 'message',
  role: 'assistant',
  model: 'claude-opus-4-5',
  content: [{ type: 'text', text: 'canary' }],
  stop_reason: 'end_turn',
  usage: { ...usage, service_tier: 'batch' },
});
const results = [
  { custom_id: 'canary-1', result: { type: 'succeeded', message: message('msg_1') } },
  { custom_id: 'canary-2', result: { type: 'succeeded', message: message('msg_2') } },
  {
    custom_id: 'canary-3',
    result: {
      type: 'errored',
      error: { type: 'error', error: { type: 'invalid_request_error', message: 'canary' }, request_id: null },
    },
  },
  { custom_id: 'canary-4', result: { type: 'expired' } },
  { custom_id: 'canary-5', result: { type: 'canceled' } },
  { custom_id: 'canary-6', result: 'canary' },
];

describe.each(sdkVersions)('results of batches on $name', ({ Anthropic }) => {
  test.each(['messages', 'beta'] as const)(
    'each line is one call at the rates of batches (%s)',
    async (family) => {
      const { client, tracker } = await setUp(Anthropic, { results });
      const { batches } = family === 'beta' ? client.beta.messages : client.messages;
      const lines = await tracker.run({ customerId: 'reader' }, async () =>
        collect<unknown>(await batches.results('batch_1')),
      );
      expect(lines).toEqual(results);
      const calls = await tracker.calls();
      expect(calls.map((call) => [call.responseId, call.status, call.errorClass, call.usage])).toEqual([
        ['msg_1', 'ok', undefined, counted],
        ['msg_2', 'ok', undefined, counted],
        [undefined, 'error', 'invalid_request_error', undefined],
        [undefined, 'error', 'expired', undefined],
        [undefined, 'aborted', 'aborted', undefined],
        [undefined, 'error', 'server_error', undefined],
      ]);
      for (const call of calls)
        expect(call).toMatchObject({
          provider: 'anthropic',
          batch: true,
          complete: true,
          customerId: 'reader',
        });
      expect(calls[0]).toMatchObject({ requestModel: 'claude-opus-4-5', serviceTier: 'batch' });
      expect(JSON.stringify(tracker.requests())).not.toContain('canary');
      expect(tracker.stats()).toMatchObject({ unfinished: 0, lost: {} });
    },
  );

  test('read a second time, answers come with the ids that they had, and failures do not come again', async () => {
    const { client, tracker } = await setUp(Anthropic, { results });
    await collect(await client.messages.batches.results('batch_1'));
    await collect(await client.messages.batches.results('batch_1'));
    const calls = await tracker.calls();
    expect(calls.slice(6).map((call) => call.responseId)).toEqual(['msg_1', 'msg_2']);
  });

  test('only what the host reads is told', async () => {
    const { client, tracker } = await setUp(Anthropic, { results });
    for await (const line of await client.messages.batches.results('batch_1')) if (line) break;
    expect((await tracker.calls()).map((call) => call.responseId)).toEqual(['msg_1']);
  });

  test('a batch that cannot be read fails as ever, and is no call', async () => {
    const { client, tracker } = await setUp(Anthropic, { failure: { status: 404, type: 'not_found_error' } });
    await expect(client.messages.batches.results('batch_1')).rejects.toThrow(Anthropic.NotFoundError);
    expect(await tracker.calls()).toEqual([]);
  });
});
