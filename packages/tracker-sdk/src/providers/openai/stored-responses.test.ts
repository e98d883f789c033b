import { describe, expect, test } from 'vitest';
import { collect } from '../../testing/collect.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';
import { model, onlyCall, plain, setUp } from './__fixtures__/set-up.ts';

const background = { model, input: 'Hi', background: true };

describe.each(sdkVersions)('conformance 2: stored responses on $name', ({ OpenAI }) => {
  test('resumed as a stream tell the usage that the cut stream did not', async () => {
    const { client, tracker } = await setUp(OpenAI, ({ operation }) =>
      operation === 'responses' ? { ...plain, interrupt: { afterEvents: 3, then: 'error' } } : plain,
    );
    let id = '';
    const cut = await client.responses.create({ ...background, stream: true });
    await expect(async () => {
      for await (const event of cut) if (event.type === 'response.created') id = event.response.id;
    }).rejects.toThrow();
    const resumed = await client.responses.retrieve(id, { stream: true, starting_after: 2 });
    const types = (await collect(resumed)).map((event) => event.type);
    expect(types[0]).toBe('response.content_part.added');
    expect(types.at(-1)).toBe('response.completed');
    const calls = await tracker.calls();
    expect(calls).toMatchObject([
      { responseId: id, status: 'error', complete: false },
      { responseId: id, status: 'ok', complete: true, usage: { input: 16, cacheRead: 4, output: 7 } },
    ]);
    expect(calls[0]?.usage).toBeUndefined();
  });

  test('left while they are resumed say nothing', async () => {
    const { client, tracker } = await setUp(OpenAI, { ...plain, chunkDelayMs: 2 });
    const { id } = await client.responses.create(background);
    for await (const event of await client.responses.retrieve(id, { stream: true })) if (event) break;
    await onlyCall(tracker);
    expect(tracker.stats().unfinished).toBe(0);
  });

  test('that were cancelled are told as aborted', async () => {
    const { client, tracker } = await setUp(OpenAI, ({ operation }) => ({
      ...plain,
      status: operation === 'responses' ? 'queued' : 'cancelled',
    }));
    const { id } = await client.responses.create(background);
    expect((await client.responses.cancel(id)).status).toBe('cancelled');
    expect(await tracker.calls()).toMatchObject([
      { responseId: id, complete: false },
      { responseId: id, status: 'aborted', complete: true, usage: { output: 7 } },
    ]);
  });

  test('that cannot be read are no calls', async () => {
    const { client, tracker } = await setUp(OpenAI);
    await expect(client.responses.retrieve('resp_nowhere')).rejects.toThrow('404');
    await client.responses
      .retrieve('resp_nowhere')
      .asResponse()
      .catch(() => undefined);
    const { id } = await client.responses.create(background);
    expect((await client.responses.retrieve(id).asResponse()).status).toBe(200);
    await onlyCall(tracker);
    expect(tracker.stats().unfinished).toBe(0);
  });
});
