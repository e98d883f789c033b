import { describe, expect, test } from 'vitest';
import { collect } from '../../testing/collect.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';
import { onlyCall, plain, setUp, streamed } from './__fixtures__/set-up.ts';

describe.each(sdkVersions)('conformance 1: the usage chunk on $name', ({ OpenAI }) => {
  test('is asked for and hidden from a caller who did not ask', async () => {
    const { client, tracker, provider } = await setUp(OpenAI);
    const body = { ...streamed, stream_options: { include_obfuscation: false } };
    const chunks = await collect(await client.chat.completions.create(body));
    expect(chunks.map((chunk) => 'usage' in chunk)).toEqual([false, false, false, false]);
    expect(provider.requests()[0]?.body['stream_options']).toEqual({
      include_obfuscation: false,
      include_usage: true,
    });
    expect(body.stream_options).toEqual({ include_obfuscation: false });
    expect((await onlyCall(tracker)).usage).toEqual({ input: 16, cacheRead: 4, output: 7 });
  });

  test('reaches a caller who asked', async () => {
    const { client, tracker } = await setUp(OpenAI);
    const body = { ...streamed, stream_options: { include_usage: true } };
    const chunks = await collect(await client.chat.completions.create(body));
    expect(chunks.map((chunk) => chunk.usage?.total_tokens ?? chunk.usage)).toEqual([
      null,
      null,
      null,
      null,
      27,
    ]);
    expect((await onlyCall(tracker)).usage).toEqual({ input: 16, cacheRead: 4, output: 7 });
  });

  test('is not asked for on a host that may refuse the question', async () => {
    const { client, tracker, provider } = await setUp(OpenAI, plain, {});
    await collect(await client.chat.completions.create(streamed));
    expect(provider.requests()[0]?.body).not.toHaveProperty('stream_options');
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ provider: '127.0.0.1', status: 'ok', complete: true });
    expect(call.usage).toBeUndefined();
  });

  test('missed by a caller who leaves after the finish reason is told apart from an abort', async () => {
    const { client, tracker } = await setUp(OpenAI, { ...plain, chunkDelayMs: 3 });
    for await (const chunk of await client.chat.completions.create(streamed)) {
      if (chunk.choices[0]?.finish_reason) break;
    }
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ status: 'ok', complete: false, errorClass: 'closed_before_usage' });
  });
});
