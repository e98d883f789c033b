import { setTimeout as sleep } from 'node:timers/promises';
import { HTTPClient } from '@mistralai/mistralai';
import { describe, expect, test } from 'vitest';
import { collect } from '../../testing/collect.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { retryConfig } from './__fixtures__/open-driver.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';
import { byAttempt, newest, onlyCall, setUp } from './__fixtures__/set-up.ts';
import { startFakeMistral } from './__fixtures__/start-fake-mistral.ts';
import { model, wireAnswer, wireChunks } from './__fixtures__/wire-answers.ts';
import { wrapMistral } from './wrap-mistral.ts';

const usage = { input: 16, cacheRead: 4, output: 7 };
const messages = [{ role: 'user' as const, content: 'Hi' }];
const asked = { model, messages };
const chunks = wireChunks(['one ', 'two'], usage);
const both = ({ streamed }: { readonly streamed: boolean }) => ({
  answers: streamed ? chunks : [wireAnswer('one two', usage)],
});
const slow = { answers: chunks, chunkDelayMs: 4 };

describe('conformance 8: ways to read and to leave a stream', () => {
  test('a reader sees everything, and the call is whole', async () => {
    const { client, tracker } = await setUp({ answers: chunks });
    const reader = (await client.chat.stream(asked)).getReader();
    let seen = 0;
    while (!(await reader.read()).done) seen++;
    expect(seen).toBe(4);
    expect(await onlyCall(tracker)).toMatchObject({ status: 'ok', complete: true, usage });
  });

  test('a reader that is cancelled ends the call', async () => {
    const { client, tracker } = await setUp(slow);
    const reader = (await client.chat.stream(asked)).getReader();
    await reader.read();
    await reader.cancel();
    expect(await onlyCall(tracker)).toMatchObject({ status: 'aborted', complete: false });
  });

  test('a stream that is cancelled unread ends the call', async () => {
    const { client, tracker } = await setUp(slow);
    await (await client.chat.stream(asked)).cancel();
    expect(await onlyCall(tracker)).toMatchObject({ status: 'aborted', complete: false });
  });

  test('both branches of a tee get everything, and the call is counted once', async () => {
    const { client, bare, tracker } = await setUp({ answers: chunks });
    const [left, right] = (await client.chat.stream(asked)).tee();
    const [a, b] = await Promise.all([collect(left), collect(right)]);
    expect(a).toEqual(await collect(await bare.chat.stream(asked)));
    expect(b).toEqual(a);
    expect(await onlyCall(tracker)).toMatchObject({ status: 'ok', complete: true, usage });
  });

  test('a pipe carries every event, and one that is cut ends the call', async () => {
    const { client, tracker } = await setUp(slow);
    const passing = () => new TransformStream<unknown, unknown>();
    expect(await collect((await client.chat.stream(asked)).pipeThrough(passing()))).toHaveLength(4);
    for await (const event of (await client.chat.stream(asked)).pipeThrough(passing())) if (event) break;
    await expect
      .poll(async () => (await tracker.calls()).map((call) => call.status))
      .toEqual(['ok', 'aborted']);
  });

  test('values without cancelling leaves the call as told until then', async () => {
    const { client, tracker } = await setUp({ answers: chunks });
    const stream = await client.chat.stream(asked);
    for await (const event of stream.values({ preventCancel: true })) if (event) break;
    expect(await onlyCall(tracker)).toMatchObject({ status: 'aborted', complete: false });
  });

  test('a stream can be read only once, as ever, and its call is the one of the first reader', async () => {
    const { client, bare, tracker } = await setUp(both);
    const twice = async (from: typeof client): Promise<unknown> => {
      const stream = await from.chat.stream(asked);
      const reader = stream.getReader();
      const error: unknown = await collect(stream).catch((failure: unknown) => failure);
      while (!(await reader.read()).done);
      return error;
    };
    expect(String(await twice(client))).toBe(String(await twice(bare)));
    expect(await onlyCall(tracker)).toMatchObject({ complete: true, usage });
  });

  test('what was written before a break is estimated, up to the limit of the request', async () => {
    const { client, tracker } = await setUp({ ...slow, answers: wireChunks(['x'.repeat(40), 'y'], usage) });
    for (const maxTokens of [undefined, 3]) {
      const stream = await client.chat.stream({ ...asked, maxTokens });
      for await (const { data } of stream) if (data.choices[0]?.delta.content) break;
    }
    const calls = await tracker.calls();
    expect(calls.map((call) => [call.usage, call.estimate?.usage.output])).toEqual([
      [undefined, 10],
      [undefined, 3],
    ]);
  });

  test('a break after the last event is a whole call', async () => {
    const { client, tracker } = await setUp({ answers: chunks });
    for await (const { data } of await client.chat.stream(asked)) if (data.choices[0]?.finishReason) break;
    expect(await onlyCall(tracker)).toMatchObject({ status: 'ok', complete: true, usage });
  });
});

describe('conformance 9: errors and retries', () => {
  test('an error of the API keeps its class, and the call its status', async () => {
    const { client, bare, tracker } = await setUp({ failure: 422 });
    const [seen, plain] = await Promise.all(
      [client, bare].map((from) => from.chat.complete(asked).catch((error: unknown) => error)),
    );
    expect((seen as Error).constructor).toBe((plain as Error).constructor);
    expect(await onlyCall(tracker)).toMatchObject({
      status: 'error',
      httpStatus: 422,
      errorClass: 'http_422',
    });
  });

  test('a request that the SDK refuses was never made', async () => {
    const { client, provider, tracker } = await setUp(both);
    await expect(client.chat.complete({ model: 7 } as never)).rejects.toThrow('Input validation failed');
    expect(provider.requests()).toHaveLength(0);
    expect(await onlyCall(tracker)).toMatchObject({ status: 'error', errorClass: 'invalid_request' });
  });

  test('an answer that the SDK cannot read is an invalid response', async () => {
    const { client, tracker } = await setUp({ answers: [{ id: 5 }] });
    await expect(client.chat.complete(asked)).rejects.toThrow();
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ status: 'error', complete: false, errorClass: 'invalid_response' });
  });

  test.each(['error', 'disconnect'] as const)('a stream that ends with %s is an error', async (then) => {
    const { client, tracker } = await setUp({ ...slow, interrupt: { afterEvents: 2, then } });
    const stream = await client.chat.stream(asked);
    await expect(collect(stream)).rejects.toThrow();
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ status: 'error', complete: false });
    expect(call.errorClass).toBe(then === 'error' ? 'invalid_response' : 'connection_failed');
  });

  test('a connection that fails is tried again, and each attempt is told', async () => {
    let made = 0;
    const httpClient = new HTTPClient({
      fetcher: async (input, init) => {
        if (made++ === 0) throw new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
        return init ? fetch(input, init) : fetch(input);
      },
    });
    const { client, tracker } = await setUp(both, {
      httpClient,
      retryConfig: { ...retryConfig, retryConnectionErrors: true },
    });
    await client.chat.complete(asked);
    const calls = await byAttempt(tracker);
    expect(calls.map((call) => [call.attempt, call.final, call.errorClass])).toEqual([
      [1, false, 'connection_failed'],
      [2, true, undefined],
    ]);
  });

  test('retries of calls at the same time are told apart', async () => {
    const { client, tracker } = await setUp(
      ({ index, streamed }) => (index < 4 ? { failure: 503 } : both({ streamed })),
      { retryConfig },
    );
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((customerId) =>
        tracker.run({ customerId }, () => client.chat.complete(asked)),
      ),
    );
    const calls = await byAttempt(tracker);
    expect(calls.map((call) => call.attempt)).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
    for (const customerId of ['a', 'b', 'c', 'd'])
      expect(
        new Set(calls.filter((call) => call.customerId === customerId).map(({ callId }) => callId)).size,
      ).toBe(1);
  });

  test('a timeout is told apart from an abort', async () => {
    const { client, tracker } = await setUp({ answers: [wireAnswer('x', usage)], delayMs: 300 });
    await expect(client.chat.complete(asked, { timeoutMs: 20 })).rejects.toThrow('timed out');
    expect(await onlyCall(tracker)).toMatchObject({ status: 'error', errorClass: 'timeout' });
  });

  test('a failed call that nobody waits for is still reported as unhandled', async () => {
    const { client } = await setUp({ failure: 400 });
    const reported: unknown[] = [];
    const listeners = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (error) => reported.push(error));
    try {
      void client.chat.complete(asked);
      await expect.poll(() => reported.length).toBe(1);
      await client.chat.complete(asked).catch(() => undefined);
      await sleep(20);
    } finally {
      process.removeAllListeners('unhandledRejection');
      for (const listener of listeners) process.on('unhandledRejection', listener);
    }
    expect(reported).toHaveLength(1);
  });
});

test('conformance 11: clients of two copies of the SDK are tracked side by side, with equal response ids', async () => {
  const provider = await startFakeMistral(both);
  const tracker = createTestTracker();
  for (const { Mistral } of sdkVersions) {
    const client = new Mistral({ apiKey: 'test', serverURL: provider.baseURL });
    await wrapMistral(client, tracker).chat.complete(asked);
  }
  expect((await tracker.calls()).map((call) => call.responseId)).toEqual(['cmpl-1', 'cmpl-1']);
  await provider.close();
});

describe('conformance 13: whose call it is', () => {
  test('a client of a run counts for that run, and the first client for nobody', async () => {
    const { client, tracker } = await setUp(both);
    const own = await tracker.run({ customerId: 'c1' }, async (context) => context.wrap(client));
    await own.chat.complete(asked);
    await tracker.run({ customerId: 'c2' }, (context) => context.wrap(own).chat.complete(asked));
    await client.chat.complete(asked);
    expect((await tracker.calls()).map((call) => call.customerId)).toEqual(['c1', 'c2', undefined]);
    expect(own).toBeInstanceOf(newest);
  });

  test('many runs leave nothing on the hooks that their clients share', async () => {
    const { client, tracker } = await setUp(both);
    const { hooks } = client._options as unknown as { hooks: { beforeRequest: unknown } };
    const before = hooks.beforeRequest;
    for (let run = 0; run < 50; run++) tracker.run({}, (context) => context.wrap(client));
    expect(hooks.beforeRequest).toBe(before);
  });

  test('a client that cannot be made anew stays as it is in a run, and that is counted', async () => {
    const { provider, tracker } = await setUp(both);
    class Named extends newest {
      constructor(name: { readonly first: string }) {
        super({ apiKey: name.first.trim(), serverURL: provider.baseURL });
      }
    }
    const client = wrapMistral(new Named({ first: 'test' }), tracker);
    await tracker.run({ customerId: 'c1' }, async (context) => {
      expect(context.wrap(client)).toBe(client);
      await client.chat.complete(asked);
    });
    expect((await onlyCall(tracker)).customerId).toBe('c1');
    expect(tracker.stats().lost).toEqual({ unsupported_sdk: 1 });
  });

  test('what is no client is returned untouched and counted', () => {
    const tracker = createTestTracker();
    const stand = { chat: { complete: async () => 'mine' } };
    expect(wrapMistral(stand, tracker)).toBe(stand);
    tracker.run({}, (context) => expect(context.wrap(stand)).toBe(stand));
    expect(tracker.stats().lost).toEqual({ unsupported_sdk: 2 });
  });
});

test('conformance 14: no prompt, tool, file, answer or error text leaves', async () => {
  const { client, tracker } = await setUp(({ index, streamed }) =>
    index === 2
      ? { failure: 400 }
      : { answers: streamed ? wireChunks(['canary', 'x'], usage) : [wireAnswer('canary', usage)] },
  );
  const request = {
    model,
    messages: [
      { role: 'system' as const, content: 'canary' },
      {
        role: 'user' as const,
        content: [{ type: 'image_url' as const, imageUrl: `data:image/png;base64,${btoa('canary')}` }],
      },
    ],
    tools: [{ type: 'function' as const, function: { name: 'canary_tool', parameters: { canary: {} } } }],
  };
  const options = { headers: { 'x-mine': 'canary' } };
  await client.chat.complete(request, options);
  for await (const event of await client.chat.stream(request, options)) if (event) break;
  await expect(client.chat.complete(request, options)).rejects.toThrow('The fake provider fails.');
  expect(await tracker.calls()).toHaveLength(3);
  const sent = JSON.stringify(tracker.requests());
  expect(sent).not.toContain('fake provider');
  expect(sent).not.toContain('canary');
  expect(sent).not.toContain(btoa('canary'));
});

describe('conformance 15: overhead', () => {
  test.each(sdkVersions)(
    'bare and wrapped give equal results of equal classes on $name',
    async ({ Mistral }) => {
      const { client, bare } = await setUp(both, {}, Mistral);
      expect(await client.chat.complete(asked)).toEqual(await bare.chat.complete(asked));
      const [a, b] = [await bare.chat.stream(asked), await client.chat.stream(asked)];
      expect(Object.getPrototypeOf(b)).toBe(Object.getPrototypeOf(a));
      expect(Object.keys(b)).toEqual(Object.keys(a));
      expect(await collect(b)).toEqual(await collect(a));
      expect(Object.keys(client.chat)).toEqual(Object.keys(bare.chat));
    },
  );

  test('the request goes out in the same turn as without the wrapper', async () => {
    const turnsUntilFetch = async (wrapped: boolean): Promise<number> => {
      let out = false;
      const httpClient = new HTTPClient({
        fetcher: async () => {
          out = true;
          return Response.json(wireAnswer('x', usage));
        },
      });
      const plain = new newest({ apiKey: 'test', httpClient });
      const client = wrapped ? wrapMistral(plain, createTestTracker()) : plain;
      // The SDK loads optional parts before its first request.
      await client.chat.complete(asked);
      out = false;
      const answer = client.chat.complete(asked);
      let turns = 0;
      for (; !out; turns++) await undefined;
      await answer;
      return turns;
    };
    expect(await turnsUntilFetch(true)).toBe(await turnsUntilFetch(false));
  });

  test('a long stream is passed on event by event: nothing is kept, nothing is read ahead', async () => {
    const [perPull, pulls] = [250, 100];
    let pulled = 0;
    const [, chunk] = chunks;
    const bytes = new TextEncoder().encode(`data: ${JSON.stringify(chunk)}\n\n`.repeat(perPull));
    const body = new ReadableStream({
      pull(controller) {
        if (pulled++ < pulls) controller.enqueue(bytes);
        else controller.close();
      },
    });
    const headers = { 'content-type': 'text/event-stream' };
    const httpClient = new HTTPClient({ fetcher: async () => new Response(body, { headers }) });
    const tracker = createTestTracker();
    const client = wrapMistral(new newest({ apiKey: 'test', httpClient }), tracker);
    let seen = 0;
    let ahead = 0;
    for await (const { data } of await client.chat.stream(asked)) {
      if (data.choices.length > 0) seen++;
      ahead = Math.max(ahead, pulled * perPull - seen);
    }
    expect(seen).toBe(pulls * perPull);
    expect(ahead).toBeLessThanOrEqual(3 * perPull);
    expect(tracker.stats().unfinished).toBe(0);
    expect(await onlyCall(tracker)).toMatchObject({ complete: false, errorClass: 'usage_absent' });
  });
});

describe('budgets', () => {
  test('a refused call goes to the host as an error, makes no request and leaves no event', async () => {
    const { bare, provider, tracker } = await setUp(both);
    const refusal = new Error('over budget');
    let admitted = 0;
    const admit = () => (admitted++ ? Promise.reject(refusal) : Promise.resolve());
    const client = wrapMistral(bare, { recorder: { ...tracker.recorder, admit } });
    await client.chat.complete(asked);
    await expect(client.chat.complete(asked)).rejects.toBe(refusal);
    await expect(client.chat.stream(asked)).rejects.toBe(refusal);
    expect(provider.requests()).toHaveLength(1);
    await onlyCall(tracker);
    expect(tracker.stats().unfinished).toBe(0);
  });
});
