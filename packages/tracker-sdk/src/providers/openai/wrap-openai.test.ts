import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { collect } from '../../testing/collect.ts';
import { createTestTracker, type TestTracker } from '../../testing/create-test-tracker.ts';
import type { FakeReply, FakeReplyFunction } from '../../testing/fake-openai/fake-reply.ts';
import { type FakeOpenAI, startFakeOpenAI } from '../../testing/fake-openai/start-fake-openai.ts';
import { type OpenAIConstructor, sdkVersions } from './__fixtures__/sdk-versions.ts';
import { wrapOpenAI, type WrapOpenAIOptions } from './wrap-openai.ts';

const opened: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const resource of opened.splice(0)) await resource.close();
});

const usage = { input: 20, output: 7, cached: 4 };
const plain: FakeReply = { chunks: ['one ', 'two'], usage };
const model = 'gpt-4o-mini';
const messages = [{ role: 'user' as const, content: 'Hi' }];
const streamed = { model, messages, stream: true as const };

interface Setup {
  readonly provider: FakeOpenAI;
  readonly tracker: TestTracker;
  readonly client: InstanceType<OpenAIConstructor>;
}

async function setUp(
  OpenAI: OpenAIConstructor,
  reply: FakeReply | FakeReplyFunction = plain,
  options: WrapOpenAIOptions = { provider: 'openai', requestUsage: true },
): Promise<Setup> {
  const provider = await startFakeOpenAI({ reply: typeof reply === 'function' ? reply : () => reply });
  const tracker = createTestTracker();
  opened.push(provider, { close: () => tracker.shutdown() });
  const client = wrapOpenAI(new OpenAI({ apiKey: 'test', baseURL: provider.baseURL }), tracker, options);
  return { provider, tracker, client };
}

async function onlyCall(tracker: TestTracker) {
  const calls = await tracker.calls();
  expect(calls).toHaveLength(1);
  const [call] = calls;
  if (!call) throw new Error('no call');
  return call;
}

describe.each(sdkVersions)('wrapOpenAI on $name', ({ OpenAI }) => {
  describe('the usage chunk', () => {
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

  describe('helpers of the SDK', () => {
    test('chat.completions.stream flows through, with its final message', async () => {
      const { client, tracker } = await setUp(OpenAI);
      const final = await client.chat.completions.stream({ model, messages }).finalChatCompletion();
      expect(final.choices[0]?.message.content).toBe('one two');
      expect(await onlyCall(tracker)).toMatchObject({ operation: 'chat', usage: { input: 16 } });
    });

    test('chat.completions.parse flows through and still parses', async () => {
      const { client, tracker } = await setUp(OpenAI, { text: '{"sum":3}', usage });
      const schema = { name: 'sum', strict: true, schema: { type: 'object' } };
      const completion = await client.chat.completions.parse({
        model,
        messages,
        response_format: { type: 'json_schema', json_schema: schema },
      });
      expect(completion.choices[0]?.message.content).toBe('{"sum":3}');
      await onlyCall(tracker);
    });

    test('runTools makes one call a turn, all in the run it was started in', async () => {
      const { client, tracker } = await setUp(OpenAI, ({ index }) =>
        index === 0 ? { toolCalls: [{ name: 'add', arguments: '{"a":1}' }], usage } : plain,
      );
      const seen: string[] = [];
      const runner = tracker.run({ flow: 'tools' }, () =>
        client.chat.completions.runTools({
          model,
          messages,
          tools: [
            {
              type: 'function',
              function: {
                name: 'add',
                description: 'Adds.',
                parameters: { type: 'object', properties: {} },
                function: (text: string) => {
                  seen.push(text);
                  return 'done';
                },
              },
            },
          ],
        }),
      );
      expect(await runner.finalContent()).toBe('one two');
      expect(seen).toEqual(['{"a":1}']);
      const calls = await tracker.calls();
      expect(calls.map((call) => call.flow)).toEqual(['tools', 'tools']);
      expect(new Set(calls.map((call) => call.traceId)).size).toBe(1);
    });

    test('responses.stream and responses.parse flow through', async () => {
      const { client, tracker } = await setUp(OpenAI);
      const final = await client.responses.stream({ model, input: 'Hi' }).finalResponse();
      expect(final.usage?.total_tokens).toBe(27);
      const parsed = await client.responses.parse({ model, input: 'Hi' });
      expect(parsed.output_text).toBe('one two');
      const calls = await tracker.calls();
      expect(calls.map((call) => [call.operation, call.usage?.input])).toEqual([
        ['responses', 16],
        ['responses', 16],
      ]);
    });

    test('a client from withOptions is tracked like the one it came from, once', async () => {
      const { client, tracker } = await setUp(OpenAI);
      await client
        .withOptions({ timeout: 5000 })
        .withOptions({ maxRetries: 0 })
        .chat.completions.create({ model, messages });
      expect(await onlyCall(tracker)).toMatchObject({ provider: 'openai' });
    });

    test('embeddings are still decoded', async () => {
      const { client, tracker } = await setUp(OpenAI, { usage: { input: 5, output: 0 }, dimensions: 4 });
      const answer = await client.embeddings.create({ model: 'text-embedding-3-small', input: ['a', 'b'] });
      expect(answer.data.map(({ embedding }) => Array.from(embedding))).toEqual(
        Array.from({ length: 2 }, () => [1 / 64, 2 / 64, 3 / 64, 4 / 64]),
      );
      expect(await onlyCall(tracker)).toMatchObject({ operation: 'embeddings', usage: { input: 5 } });
    });
  });

  describe('ways to take an answer', () => {
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

  describe('outcomes of the Responses API', () => {
    test('an incomplete answer is whole, a failed one an error', async () => {
      const { client, tracker } = await setUp(OpenAI, ({ index }) => ({
        ...plain,
        status: index % 2 === 0 ? 'incomplete' : 'failed',
      }));
      for (const stream of [false, true]) {
        for (let turn = 0; turn < 2; turn++) {
          if (stream) await collect(await client.responses.create({ model, input: 'Hi', stream }));
          else await client.responses.create({ model, input: 'Hi' });
        }
      }
      const calls = await tracker.calls();
      expect(calls.map((call) => [call.status, call.complete, call.errorClass, call.usage?.output])).toEqual([
        ['ok', true, undefined, 7],
        ['error', true, 'server_error', 7],
        ['ok', true, undefined, 7],
        ['error', true, 'server_error', 7],
      ]);
    });

    test('a background answer is counted when it begins, and its usage comes with the poll that ends it', async () => {
      const { client, tracker } = await setUp(OpenAI, ({ operation, index }) => ({
        ...plain,
        status: operation === 'responses' || index < 2 ? 'queued' : 'completed',
      }));
      const { id } = await client.responses.create({ model, input: 'Hi', background: true });
      expect((await client.responses.retrieve(id)).status).toBe('queued');
      expect((await client.responses.retrieve(id)).status).toBe('completed');
      const calls = await tracker.calls();
      expect(calls).toMatchObject([
        { responseId: id, complete: false, requestModel: model },
        { responseId: id, complete: true, usage: { input: 16, cacheRead: 4, output: 7 } },
      ]);
      expect(calls).toHaveLength(2);
    });

    test('retrieving an ordinary response is no call', async () => {
      const { client, tracker } = await setUp(OpenAI);
      const { id } = await client.responses.create({ model, input: 'Hi' });
      await client.responses.retrieve(id);
      await client.responses.retrieve(id);
      await onlyCall(tracker);
      expect(tracker.stats().unfinished).toBe(0);
    });

    test('tools that are billed by their number are counted', async () => {
      const { client, tracker } = await setUp(OpenAI);
      const answer = {
        id: 'resp_tools',
        object: 'response',
        model,
        status: 'completed',
        output: [{ type: 'web_search_call' }, { type: 'web_search_call' }, { type: 'message', content: [] }],
        usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
      };
      const local = client.withOptions({ fetch: async () => Response.json(answer) });
      await local.responses.create({ model, input: 'Hi' });
      expect((await onlyCall(tracker)).usage).toEqual({ input: 3, output: 2, webSearches: 2 });
    });
  });

  describe('what it leaves alone', () => {
    test('a failed call that nobody waits for is still reported as unhandled', async () => {
      const { client, tracker } = await setUp(OpenAI, { failure: { status: 400 } });
      const reported: unknown[] = [];
      const listeners = process.listeners('unhandledRejection');
      process.removeAllListeners('unhandledRejection');
      process.on('unhandledRejection', (error) => reported.push(error));
      try {
        void client.chat.completions.create({ model, messages });
        await expect.poll(() => reported.length).toBe(1);
        await client.chat.completions.create({ model, messages }).catch(() => undefined);
        await client.chat.completions
          .create({ model, messages })
          .asResponse()
          .catch(() => undefined);
        await sleep(30);
      } finally {
        process.removeAllListeners('unhandledRejection');
        for (const listener of listeners) process.on('unhandledRejection', listener);
      }
      expect(reported).toHaveLength(1);
      expect(await tracker.calls()).toHaveLength(3);
    });

    test('a body that is no JSON fails as ever and is recorded', async () => {
      const { client, tracker } = await setUp(OpenAI);
      const headers = { 'content-type': 'application/json' };
      const local = client.withOptions({ fetch: async () => new Response('{"id":', { headers }) });
      await expect(local.chat.completions.create({ model, messages })).rejects.toThrow(SyntaxError);
      expect(await onlyCall(tracker)).toMatchObject({ status: 'error', errorClass: 'invalid_response' });
    });

    test('a connection that fails for good is an error with all its attempts', async () => {
      const { client, tracker } = await setUp(OpenAI);
      const local = client.withOptions({ maxRetries: 1, fetch: () => Promise.reject(new Error('refused')) });
      await expect(local.chat.completions.create({ model, messages })).rejects.toThrow('Connection error');
      const calls = [...(await tracker.calls())].sort((a, b) => a.attempt - b.attempt);
      expect(calls.map((call) => [call.attempt, call.final, call.errorClass])).toEqual([
        [1, false, 'connection_failed'],
        [2, true, 'connection_failed'],
      ]);
    });

    test('a timeout is told apart from other failures', async () => {
      const { client, tracker } = await setUp(OpenAI, { ...plain, delayMs: 200 });
      const hasty = client.withOptions({ maxRetries: 0, timeout: 20 });
      await expect(hasty.chat.completions.create({ model, messages })).rejects.toThrow('timed out');
      expect(await onlyCall(tracker)).toMatchObject({ status: 'error', errorClass: 'timeout' });
    });

    test('the client keeps its class, its keys and its resources', async () => {
      const { client } = await setUp(OpenAI);
      const bare = new OpenAI({ apiKey: 'test', baseURL: client.baseURL });
      expect(client).toBeInstanceOf(OpenAI);
      expect(Object.keys(client)).toEqual(Object.keys(bare));
      expect(Object.keys(client.chat.completions)).toEqual(Object.keys(bare.chat.completions));
    });
  });
});

test('clients of two copies of the SDK are tracked side by side', async () => {
  const provider = await startFakeOpenAI({ reply: () => plain });
  const tracker = createTestTracker();
  opened.push(provider, { close: () => tracker.shutdown() });
  for (const { OpenAI } of sdkVersions) {
    const client = wrapOpenAI(new OpenAI({ apiKey: 'test', baseURL: provider.baseURL }), tracker);
    await client.chat.completions.create({ model, messages });
  }
  expect(await tracker.calls()).toHaveLength(3);
});

test('what is no OpenAI client is returned untouched and counted', async () => {
  const tracker = createTestTracker();
  const create = async () => 'mine';
  const stand = { chat: { completions: { create } } };
  expect(wrapOpenAI(stand, tracker)).toBe(stand);
  expect(stand.chat.completions.create).toBe(create);
  tracker.run({}, (context) => expect(context.wrap(stand)).toBe(stand));
  expect(tracker.stats().lost).toEqual({ unsupported_sdk: 2 });
});

test('a method that the host replaced by its own keeps working, and is counted as not observed', async () => {
  const tracker = createTestTracker();
  const [version] = sdkVersions;
  if (!version) throw new Error('no SDK');
  const client = new version.OpenAI({ apiKey: 'test' });
  client.chat.completions.create = (async () => 'mine') as unknown as typeof client.chat.completions.create;
  wrapOpenAI(client, tracker);
  expect(await client.chat.completions.create({ model, messages })).toBe('mine');
  expect(tracker.stats()).toMatchObject({ lost: { unsupported_sdk: 1 }, unfinished: 0, recorded: 0 });
});
