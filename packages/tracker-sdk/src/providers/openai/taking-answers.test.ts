import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { collect } from '../../testing/collect.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';
import { messages, model, onlyCall, plain, setUp, streamed } from './__fixtures__/set-up.ts';

describe.each(sdkVersions)('conformance 8: ways to take an answer on $name', ({ OpenAI }) => {
  test('withResponse gives value and response, and one call', async () => {
    const { client, tracker } = await setUp(OpenAI);
    const { data, response, request_id } = await client.chat.completions
      .create({ model, messages })
      .withResponse();
    expect(data.choices[0]?.message.content).toBe('one two');
    expect(response.status).toBe(200);
    expect(request_id).toBe('req_0');
    expect((await onlyCall(tracker)).complete).toBe(true);
  });

  test('asResponse alone leaves the body to the host, and the call without usage', async () => {
    const { client, tracker } = await setUp(OpenAI);
    const response = await client.chat.completions.create({ model, messages }).asResponse();
    expect(await response.json()).toMatchObject({ object: 'chat.completion' });
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ status: 'ok', complete: false, errorClass: 'usage_absent' });
  });

  test('asResponse and then the value is one call with usage', async () => {
    const { client, tracker } = await setUp(OpenAI);
    const promise = client.chat.completions.create({ model, messages });
    expect((await promise.asResponse()).status).toBe(200);
    expect((await promise).choices[0]?.message.content).toBe('one two');
    await promise;
    expect((await onlyCall(tracker)).usage).toBeDefined();
  });

  test('a value that is asked for late is still seen', async () => {
    const { client, tracker } = await setUp(OpenAI);
    const promise = client.chat.completions.create({ model, messages });
    await sleep(30);
    await tracker.flush();
    await promise;
    expect((await onlyCall(tracker)).usage).toBeDefined();
  });

  test('both branches of a tee get everything, and the call is counted once', async () => {
    const { client, tracker } = await setUp(OpenAI);
    const [left, right] = (await client.chat.completions.create(streamed)).tee();
    const [a, b] = await Promise.all([collect(left), collect(right)]);
    expect(a).toHaveLength(4);
    expect(b).toEqual(a);
    expect((await onlyCall(tracker)).usage).toBeDefined();
  });

  test('toReadableStream carries every chunk as a line', async () => {
    const { client, tracker } = await setUp(OpenAI);
    const stream = await client.chat.completions.create(streamed);
    const lines = (await new Response(stream.toReadableStream()).text()).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { object: string }).object)).toEqual(
      Array.from({ length: 4 }, () => 'chat.completion.chunk'),
    );
    expect((await onlyCall(tracker)).usage).toBeDefined();
  });

  test('leaving a stream early frees the connection to the provider', async () => {
    const { client, tracker } = await setUp(OpenAI, {
      ...plain,
      interrupt: { afterEvents: 2, then: 'hang' },
    });
    const stream = await client.chat.completions.create(streamed);
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    expect(stream.controller.signal.aborted).toBe(true);
    expect((await onlyCall(tracker)).status).toBe('aborted');
  });

  test('a stream can be read only once, as ever', async () => {
    const { client } = await setUp(OpenAI);
    const stream = await client.chat.completions.create(streamed);
    await collect(stream);
    await expect(collect(stream)).rejects.toThrow('consumed stream');
  });

  test('a second reader fails and leaves the account of the first alone', async () => {
    const { client, tracker } = await setUp(OpenAI, { ...plain, chunkDelayMs: 3 });
    const stream = await client.chat.completions.create(streamed);
    const first = collect(stream);
    await expect(collect(stream)).rejects.toThrow('consumed stream');
    expect(await first).toHaveLength(4);
    expect(await onlyCall(tracker)).toMatchObject({ status: 'ok', complete: true, usage: { input: 16 } });
  });

  test('next calls made without waiting keep their order', async () => {
    const { client } = await setUp(OpenAI);
    const stream = await client.chat.completions.create(streamed);
    const iterator = stream[Symbol.asyncIterator]();
    const results = await Promise.all(Array.from({ length: 6 }, () => iterator.next()));
    expect(results.map(({ done, value }) => (done ? 'end' : value.choices[0]?.delta.content))).toEqual([
      '',
      'one ',
      'two',
      undefined,
      'end',
      'end',
    ]);
  });
});
