import { describe, expect, test } from 'vitest';
import type { CallSource } from '../../observe/call-recorder.ts';
import { collect } from '../../testing/collect.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { startFakeOpenAI } from '../../testing/fake-openai/start-fake-openai.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';
import { messages, model, onlyCall, plain, setUp, streamed } from './__fixtures__/set-up.ts';
import { wrapOpenAI } from './wrap-openai.ts';

// Cases that have a file of their own stand there as well: 1 in usage-chunk, 2 in responses-outcomes and
// stored-responses, 7 in host-dialects, 8 in taking-answers, sdk-helpers and wrapper-suite, 9 and 13 in wrapper-suite,
// 10 in read-usage, 15 in long-stream. Cases 3 to 6 are about other providers, 12 is about delivery.

const timeless = <Value extends { created: number }>(value: Value): Value => ({ ...value, created: 0 });

describe.each(sdkVersions)('$name', ({ OpenAI }) => {
  describe('conformance 1: the usage chunk', () => {
    test('leaves what a caller sees the same, whether the caller asked or not', async () => {
      for (const wishes of [{}, { stream_options: { include_usage: true } }]) {
        const { client, tracker, provider } = await setUp(OpenAI, { ...plain, id: 'chatcmpl_1' });
        const bare = new OpenAI({ apiKey: 'test', baseURL: provider.baseURL });
        const body = { ...streamed, ...wishes };
        const expected = await collect(await bare.chat.completions.create(body));
        const seen = await collect(await client.chat.completions.create(body));
        expect(seen.map(timeless)).toEqual(expected.map(timeless));
        expect((await onlyCall(tracker)).usage).toEqual({ input: 16, cacheRead: 4, output: 7 });
      }
    });
  });

  describe('conformance 2: the Responses API', () => {
    test.each(['completed', 'incomplete', 'failed'] as const)(
      'tells the usage in the event that ends a response as %s',
      async (status) => {
        const { client, tracker } = await setUp(OpenAI, { ...plain, status });
        await collect(await client.responses.create({ model, input: 'Hi', stream: true }));
        const call = await onlyCall(tracker);
        expect(call).toMatchObject({ complete: true, status: status === 'failed' ? 'error' : 'ok' });
        expect(call.usage).toEqual({ input: 16, cacheRead: 4, output: 7 });
      },
    );
  });

  describe('conformance 8: ways to leave a stream', () => {
    test('a stream that is broken off after its first item keeps its identity', async () => {
      const { client, tracker } = await setUp(OpenAI, { ...plain, chunkDelayMs: 3 });
      const stream = await client.responses.create({ model, input: 'Hi', stream: true });
      for await (const event of stream) if (event.type === 'response.created') break;
      expect(await onlyCall(tracker)).toMatchObject({
        status: 'aborted',
        responseId: 'resp_0',
        responseModel: model,
      });
    });

    test('toReadableStream that is cancelled is an aborted call', async () => {
      const { client, tracker } = await setUp(OpenAI, { ...plain, chunkDelayMs: 5 });
      const reader = (await client.chat.completions.create(streamed)).toReadableStream().getReader();
      await reader.read();
      await reader.cancel();
      expect(await onlyCall(tracker)).toMatchObject({ status: 'aborted', complete: false });
    });
  });

  describe('conformance 9: errors on the way', () => {
    test('an error in a stream tells what was counted until then, and no message', async () => {
      const { client, tracker } = await setUp(OpenAI, {
        ...plain,
        interrupt: { afterEvents: 2, then: 'error' },
      });
      const stream = await client.chat.completions.create(streamed);
      await expect(collect(stream)).rejects.toThrow('The server had an error');
      const call = await onlyCall(tracker);
      expect(call).toMatchObject({ status: 'error', complete: false });
      expect(call.estimate?.usage.output).toBeGreaterThan(0);
      expect(JSON.stringify(tracker.requests())).not.toContain('The server had');
    });

    test('a connection that is cut is an error', async () => {
      const { client, tracker } = await setUp(OpenAI, {
        ...plain,
        interrupt: { afterEvents: 2, then: 'disconnect' },
      });
      await expect(collect(await client.chat.completions.create(streamed))).rejects.toThrow();
      expect(await onlyCall(tracker)).toMatchObject({ status: 'error', errorClass: 'connection_failed' });
    });
  });

  describe('conformance 10: zero and nothing', () => {
    test('zeros that were reported stay, and what was not reported stays away', async () => {
      const { client, tracker } = await setUp(OpenAI, ({ index }) =>
        index === 0 ? { text: 'x', usage: { input: 0, output: 0 } } : { text: 'x' },
      );
      await client.chat.completions.create({ model, messages });
      await client.chat.completions.create({ model, messages });
      expect((await tracker.calls()).map(({ usage }) => usage)).toEqual([{ input: 0, output: 0 }, undefined]);
    });
  });

  describe('conformance 14: what never leaves', () => {
    test('text of prompts, tools, headers, answers and errors stays in the host', async () => {
      const canary = 'canary-7f3a';
      const { client, tracker } = await setUp(OpenAI, ({ index }) =>
        index < 3
          ? { ...plain, text: canary, chunks: [canary], headers: { 'openai-organization': canary } }
          : { failure: { status: 400, message: canary, code: canary } },
      );
      const tools = [{ type: 'function' as const, function: { name: canary, description: canary } }];
      const told = [
        { role: 'system' as const, content: canary },
        {
          role: 'user' as const,
          content: [{ type: 'image_url' as const, image_url: { url: `data:image/png;base64,${canary}` } }],
        },
      ];
      const body = { model, messages: told, tools, user: canary, metadata: { canary } };
      const options = { headers: { 'x-canary': canary } };
      await client.chat.completions.create(body, options);
      for await (const chunk of await client.chat.completions.create({ ...body, stream: true }, options))
        if (chunk.choices[0]?.delta.content) break;
      await client.responses.create({ model, input: canary, instructions: canary }, options);
      await client.chat.completions.create(body, options).catch(() => undefined);
      await client.embeddings.create({ model, input: canary }, options).catch(() => undefined);
      expect(await tracker.calls()).toHaveLength(5);
      expect(JSON.stringify(tracker.requests())).not.toContain('canary');
    });
  });

  describe('conformance 15: overhead', () => {
    test('bare and wrapped results are equal, also in what they are made of', async () => {
      const { client, provider, tracker } = await setUp(OpenAI, { ...plain, id: 'same' });
      const bare = new OpenAI({ apiKey: 'test', baseURL: provider.baseURL });
      const body = { model, messages };
      const expected = await bare.chat.completions.create(body);
      const seen = await client.chat.completions.create(body);
      expect(timeless(seen)).toEqual(timeless(expected));
      expect(Object.getPrototypeOf(seen)).toBe(Object.getPrototypeOf(expected));
      const stream = await client.chat.completions.create(streamed);
      expect(stream.constructor).toBe((await bare.chat.completions.create(streamed)).constructor);
      expect(client.chat.completions.create(body).constructor).toBe(
        bare.chat.completions.create(body).constructor,
      );
      await tracker.flush();
    });

    test('without budgets the request goes out as early as from a bare client', async () => {
      const turns: number[] = [];
      for (const wrapped of [false, true]) {
        let sent = -1;
        let turn = 0;
        const client = new OpenAI({
          apiKey: 'test',
          maxRetries: 0,
          fetch: async () => {
            sent = turn;
            return Response.json({ id: 'x', object: 'chat.completion', model, choices: [] });
          },
        });
        const tracker = createTestTracker();
        if (wrapped) wrapOpenAI(client, tracker);
        const answer = client.chat.completions.create({ model, messages });
        for (; turn < 100 && sent < 0; turn++) await undefined;
        turns.push(sent);
        await answer;
        await tracker.shutdown();
      }
      expect(turns[1]).toBe(turns[0]);
    });
  });

  describe('budgets', () => {
    test('hold a call back until they admit it, once however often the SDK tries', async () => {
      const { provider, tracker } = await setUp(OpenAI, ({ index }) =>
        index === 0 ? { failure: { status: 429, headers: { 'retry-after-ms': '1' } } } : plain,
      );
      const asked: string[] = [];
      const source: CallSource = {
        recorder: {
          ...tracker.recorder,
          async admit(call) {
            asked.push(call.facts.requestModel);
            await new Promise((resolve) => setTimeout(resolve, 5));
            expect(provider.requestCount()).toBe(0);
          },
        },
      };
      const client = wrapOpenAI(new OpenAI({ apiKey: 'test', baseURL: provider.baseURL }), source);
      await client.chat.completions.create({ model, messages });
      expect(asked).toEqual([model]);
      expect(provider.requestCount()).toBe(2);
      expect((await tracker.calls()).map(({ final }) => final).sort()).toEqual([false, true]);
    });

    test('refuse a call with their own error: nothing goes out, and nothing is recorded', async () => {
      const { provider, tracker } = await setUp(OpenAI);
      const refusal = new Error('over budget');
      const source: CallSource = {
        recorder: { ...tracker.recorder, admit: () => Promise.reject(refusal) },
      };
      const client = wrapOpenAI(new OpenAI({ apiKey: 'test', baseURL: provider.baseURL }), source);
      await expect(client.chat.completions.create({ model, messages })).rejects.toBe(refusal);
      await expect(client.images.generate({ model: 'gpt-image-1', prompt: 'x' })).rejects.toBe(refusal);
      expect(provider.requestCount()).toBe(0);
      expect(await tracker.calls()).toHaveLength(0);
      expect(tracker.stats().unfinished).toBe(0);
    });
  });
});

describe('conformance 11: the same answer twice', () => {
  test('two copies of the SDK that see one response tell the same response id', async () => {
    const provider = await startFakeOpenAI({ reply: () => ({ ...plain, id: 'chatcmpl_same' }) });
    const tracker = createTestTracker();
    for (const { OpenAI } of sdkVersions.slice(1)) {
      const client = wrapOpenAI(new OpenAI({ apiKey: 'test', baseURL: provider.baseURL }), tracker);
      await client.chat.completions.create({ model, messages });
    }
    expect((await tracker.calls()).map(({ responseId }) => responseId)).toEqual([
      'chatcmpl_same',
      'chatcmpl_same',
    ]);
    await provider.close();
  });
});

describe('conformance 13: whose calls they are', () => {
  test('a call made from a queue outside of the run is told apart, and an explicit one is not', async () => {
    const [version] = sdkVersions;
    if (!version) throw new Error('no SDK');
    const { client, tracker } = await setUp(version.OpenAI);
    const queue: (() => Promise<unknown>)[] = [];
    await tracker.run({ customerId: 'cus_1' }, async (context) => {
      const bound = context.wrap(client);
      queue.push(() => client.chat.completions.create({ model, messages }));
      queue.push(() => bound.chat.completions.create({ model, messages }));
    });
    for (const job of queue) await job();
    expect((await tracker.calls()).map(({ customerId }) => customerId)).toEqual([undefined, 'cus_1']);
  });
});
