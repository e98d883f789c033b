import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { collect } from '../../testing/collect.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';
import { body, counted, onlyCall, plain, setUp, streamed, usage } from './__fixtures__/set-up.ts';
import { wrapAnthropic } from './wrap-anthropic.ts';

describe.each(sdkVersions)('on $name', ({ Anthropic }) => {
  describe('conformance 8: ways to take an answer', () => {
    test('withResponse gives value and response, and one call', async () => {
      const { client, tracker } = await setUp(Anthropic);
      const { data, response, request_id } = await client.messages.create(body).withResponse();
      expect(data.usage.output_tokens).toBe(7);
      expect([response.status, request_id]).toEqual([200, 'req_0']);
      expect(await onlyCall(tracker)).toMatchObject({ complete: true, usage: counted });
    });

    test('asResponse alone leaves the body to the host, and the call without usage', async () => {
      const { client, tracker } = await setUp(Anthropic);
      const response = await client.messages.create(body).asResponse();
      expect(await response.json()).toMatchObject({ type: 'message' });
      expect(await onlyCall(tracker)).toMatchObject({
        status: 'ok',
        complete: false,
        errorClass: 'usage_absent',
      });
    });

    test('both branches of a tee get everything, and the call is counted once', async () => {
      const { client, tracker } = await setUp(Anthropic);
      const [left, right] = (await client.messages.create(streamed)).tee();
      const [a, b] = await Promise.all([collect(left), collect(right)]);
      expect(a).toHaveLength(7);
      expect(b).toEqual(a);
      expect((await onlyCall(tracker)).usage).toEqual(counted);
    });

    test('toReadableStream carries every event as a line', async () => {
      const { client, tracker } = await setUp(Anthropic);
      const stream = await client.messages.create(streamed);
      const lines = (await new Response(stream.toReadableStream()).text()).trim().split('\n');
      expect(lines).toHaveLength(7);
      expect((await onlyCall(tracker)).usage).toEqual(counted);
    });

    test('a signal that aborts ends the stream and the call', async () => {
      const { client, tracker } = await setUp(Anthropic, {
        ...plain,
        interrupt: { afterEvents: 4, then: 'hang' },
      });
      const stream = await client.messages.create(streamed);
      const reading = collect(stream);
      setTimeout(() => stream.controller.abort(), 20);
      await reading;
      const call = await onlyCall(tracker);
      expect(call).toMatchObject({ status: 'aborted', complete: false, usage: { input: 16, cacheRead: 4 } });
      expect(call.estimate?.usage).toEqual({ output: 1 });
    });

    test('a second reader fails and leaves the account of the first alone', async () => {
      const { client, tracker } = await setUp(Anthropic, { ...plain, chunkDelayMs: 2 });
      const stream = await client.messages.create(streamed);
      const first = collect(stream);
      await expect(collect(stream)).rejects.toThrow('consumed stream');
      expect(await first).toHaveLength(7);
      expect(await onlyCall(tracker)).toMatchObject({ status: 'ok', usage: counted });
    });
  });

  describe('conformance 9: errors', () => {
    test('an error in a stream has its class, and keeps the input that was counted', async () => {
      const { client, tracker } = await setUp(Anthropic, {
        ...plain,
        interrupt: { afterEvents: 4, then: 'error' },
      });
      await expect(collect(await client.messages.create(streamed))).rejects.toThrow('Overloaded');
      const call = await onlyCall(tracker);
      expect(call).toMatchObject({ status: 'error', complete: false, errorClass: 'overloaded_error' });
      expect(call.usage).toEqual({ input: 16, cacheRead: 4 });
      expect(call.httpStatus).toBeUndefined();
    });

    test('a connection that is cut in a stream is told apart', async () => {
      const { client, tracker } = await setUp(Anthropic, {
        ...plain,
        interrupt: { afterEvents: 4, then: 'disconnect' },
      });
      await expect(collect(await client.messages.create(streamed))).rejects.toThrow();
      expect(await onlyCall(tracker)).toMatchObject({ status: 'error', errorClass: 'connection_failed' });
    });

    test('a 529 is retried by the SDK, attempt by attempt', async () => {
      const { client, tracker } = await setUp(Anthropic, ({ index }) =>
        index < 2
          ? { failure: { status: 529, type: 'overloaded_error', headers: { 'retry-after-ms': '1' } } }
          : plain,
      );
      await collect(await client.messages.create(streamed));
      const calls = [...(await tracker.calls())].sort((a, b) => a.attempt - b.attempt);
      expect(calls.map((call) => [call.attempt, call.final, call.errorClass, call.usage?.output])).toEqual([
        [1, false, 'http_529', undefined],
        [2, false, 'http_529', undefined],
        [3, true, undefined, 7],
      ]);
      expect(new Set(calls.map((call) => call.callId)).size).toBe(1);
    });

    test('a request that is refused tells its id', async () => {
      const { client, tracker } = await setUp(Anthropic, {
        failure: { status: 400, type: 'invalid_request_error' },
      });
      await expect(client.messages.create(body)).rejects.toThrow(Anthropic.BadRequestError);
      expect(await onlyCall(tracker)).toMatchObject({
        status: 'error',
        errorClass: 'http_400',
        httpStatus: 400,
        providerIds: { requestId: 'req_0' },
      });
    });

    test('a failed call that nobody waits for is still reported as unhandled, once', async () => {
      const { client, tracker } = await setUp(Anthropic, { failure: { status: 400 } });
      const reported: unknown[] = [];
      const listeners = process.listeners('unhandledRejection');
      process.removeAllListeners('unhandledRejection');
      process.on('unhandledRejection', (error) => reported.push(error));
      try {
        void client.messages.create(body);
        await expect.poll(() => reported.length).toBe(1);
        await client.messages.create(body).catch(() => undefined);
        await client.messages
          .stream(body)
          .finalMessage()
          .catch(() => undefined);
        await sleep(30);
      } finally {
        process.removeAllListeners('unhandledRejection');
        for (const listener of listeners) process.on('unhandledRejection', listener);
      }
      expect(reported).toHaveLength(1);
      expect(await tracker.calls()).toHaveLength(3);
    });
  });

  describe('conformance 11: the same answer seen twice', () => {
    test('carries the same response id, by which the server counts it once', async () => {
      const { client, tracker } = await setUp(Anthropic, { ...plain, id: 'msg_same' });
      await client.messages.create(body);
      await client.messages.create(body);
      expect((await tracker.calls()).map((call) => call.responseId)).toEqual(['msg_same', 'msg_same']);
    });
  });

  describe('conformance 13: whose call it is', () => {
    test('follows the run, an explicit client, or nobody', async () => {
      const { client, tracker } = await setUp(Anthropic);
      await client.messages.create(body);
      await tracker.run({ customerId: 'ambient' }, () => client.messages.create(body));
      const own = tracker.run({ customerId: 'explicit' }, (context) => context.wrap(client));
      await tracker.run({ customerId: 'ambient' }, () => own.messages.create(body));
      expect((await tracker.calls()).map((call) => call.customerId)).toEqual([
        undefined,
        'ambient',
        'explicit',
      ]);
    });

    test('a stream started in a helper belongs to the run that started it', async () => {
      const { client, tracker } = await setUp(Anthropic);
      const stream = tracker.run({ customerId: 'starter' }, () => client.messages.stream(body));
      await tracker.run({ customerId: 'reader' }, () => stream.finalMessage());
      expect((await onlyCall(tracker)).customerId).toBe('starter');
    });
  });

  describe('conformance 14: what never leaves', () => {
    test('text, tools, files, headers and errors stay', async () => {
      const { client, tracker } = await setUp(Anthropic, ({ index }) => {
        if (index === 2)
          return { failure: { status: 400, message: 'canary in an error', type: 'canary_error' } };
        return {
          chunks: ['canary'],
          thinking: 'canary',
          toolUses: [{ name: 'canary', input: { canary: 1 } }],
          usage: { ...usage, canary: 1, note: 'canary' },
          interrupt: index === 3 ? { afterEvents: 4, then: 'error' } : undefined,
        };
      });
      const secret = {
        ...body,
        system: 'canary',
        tools: [{ name: 'canary', input_schema: { type: 'object' as const } }],
        metadata: { user_id: 'canary' },
        messages: [
          {
            role: 'user' as const,
            content: [
              { type: 'text' as const, text: 'canary' },
              {
                type: 'image' as const,
                source: {
                  type: 'base64' as const,
                  media_type: 'image/png' as const,
                  data: 'canary'.repeat(999),
                },
              },
            ],
          },
        ],
      };
      const options = { headers: { 'x-canary': 'canary' } };
      await client.messages.create(secret, options);
      await collect(await client.messages.create({ ...secret, stream: true }, options));
      await client.messages.create(secret, options).catch(() => undefined);
      await collect(await client.messages.create({ ...secret, stream: true }, options)).catch(
        () => undefined,
      );
      expect(await tracker.calls()).toHaveLength(4);
      expect(JSON.stringify(tracker.requests())).not.toMatch(/canary|Y2FuYXJ5/i);
    });
  });

  describe('conformance 15: what it costs the host', () => {
    test('bare and wrapped give equal results, with their prototypes and hidden keys', async () => {
      const { client, bare } = await setUp(Anthropic, { ...plain, id: 'msg_1' });
      const seen = await client.messages.create(body);
      const expected = await bare.messages.create(body);
      expect(seen).toStrictEqual(expected);
      expect(Object.getOwnPropertyNames(seen)).toEqual(Object.getOwnPropertyNames(expected));
      const stream = await client.messages.create(streamed);
      const other = await bare.messages.create(streamed);
      expect(Object.getPrototypeOf(stream)).toBe(Object.getPrototypeOf(other));
      expect(Object.keys(stream)).toEqual(Object.keys(other));
      expect(await collect(stream)).toStrictEqual(await collect(other));
      const promise = client.messages.create(body);
      expect(promise.constructor).toBe(bare.messages.create(body).constructor);
      await promise;
    });

    test('the client keeps its class, its keys and its resources', async () => {
      const { client, bare } = await setUp(Anthropic);
      expect(client).toBeInstanceOf(Anthropic);
      expect(Object.keys(client)).toEqual(Object.keys(bare));
      expect(Object.keys(client.messages)).toEqual(Object.keys(bare.messages));
    });

    test('a long stream is passed on event by event: nothing is kept, nothing is read ahead', async () => {
      const pulls = 100;
      const perPull = 500;
      let pulled = 0;
      const event = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'x' } };
      const bytes = new TextEncoder().encode(
        `event: content_block_delta\ndata: ${JSON.stringify(event)}\n\n`.repeat(perPull),
      );
      const answer = () =>
        new Response(
          new ReadableStream({
            pull: (controller) => (pulled++ < pulls ? controller.enqueue(bytes) : controller.close()),
          }),
          { headers: { 'content-type': 'text/event-stream' } },
        );
      const tracker = createTestTracker();
      const client = wrapAnthropic(new Anthropic({ apiKey: 'test', fetch: async () => answer() }), tracker);
      let seen = 0;
      let furthestAhead = 0;
      for await (const item of await client.messages.create(streamed)) {
        if (item.type === 'content_block_delta') seen++;
        furthestAhead = Math.max(furthestAhead, pulled * perPull - seen);
      }
      expect(seen).toBe(pulls * perPull);
      // The platform's own buffering only.
      expect(furthestAhead).toBeLessThanOrEqual(3 * perPull);
      expect(await onlyCall(tracker)).toMatchObject({ complete: false, errorClass: 'usage_absent' });
    });
  });
});

describe('conformance 11: two copies of the SDK', () => {
  test('are tracked side by side', async () => {
    const [first, second] = await Promise.all(sdkVersions.map(({ Anthropic }) => setUp(Anthropic)));
    if (!first || !second) throw new Error('two versions are expected');
    const both = wrapAnthropic(second.bare, first.tracker, { provider: 'anthropic' });
    await first.client.messages.create(body);
    await both.messages.create(body);
    expect(await first.tracker.calls()).toHaveLength(2);
  });
});

test('what is no Anthropic client is returned untouched and counted', () => {
  const tracker = createTestTracker();
  const stand = { messages: { create: async () => 'mine' } };
  expect(wrapAnthropic(stand, tracker)).toBe(stand);
  tracker.run({}, (context) => expect(context.wrap(stand)).toBe(stand));
  expect(tracker.stats().lost).toEqual({ unsupported_sdk: 2 });
});

test('a client that its SDK cannot copy is the one of the run as well', () => {
  const tracker = createTestTracker();
  const fail = (): never => {
    throw new Error('no credentials');
  };
  const client = wrapAnthropic({ makeRequest: fail, withOptions: fail }, tracker);
  expect(tracker.run({}, (context) => context.wrap(client))).toBe(client);
  expect(tracker.stats().lost).toEqual({ unsupported_sdk: 1 });
});

test('a method that the host replaced by its own keeps working, and is counted as not observed', async () => {
  const tracker = createTestTracker();
  const [version] = sdkVersions;
  if (!version) throw new Error('no SDK');
  const client = new version.Anthropic({ apiKey: 'test' });
  client.messages.create = (async () => 'mine') as unknown as typeof client.messages.create;
  wrapAnthropic(client, tracker);
  expect(await client.messages.create(body)).toBe('mine');
  expect(tracker.stats()).toMatchObject({ lost: { unsupported_sdk: 1 }, unfinished: 0, recorded: 0 });
});
