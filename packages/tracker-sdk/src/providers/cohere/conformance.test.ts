import { setTimeout as sleep } from 'node:timers/promises';
import { CohereClientV2 } from 'cohere-ai';
import { describe, expect, test } from 'vitest';
import { TrackerError } from '../../errors/tracker-error.ts';
import { collect } from '../../testing/collect.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { chatReply, chatReplyV1 } from './__fixtures__/cohere-wire.ts';
import { onlyCall, setUp } from './__fixtures__/set-up.ts';
import { wrapCohere } from './wrap-cohere.ts';

const model = 'command-a-03-2025';
const asked = { model, messages: [{ role: 'user' as const, content: 'Hi there, how are you today?' }] };
const wire = {
  billed_units: { input_tokens: 20, output_tokens: 7 },
  tokens: { input_tokens: 86, output_tokens: 9 },
};
const usage = { input: 20, output: 7 };
const plain = chatReply({ pieces: ['one ', 'two'], usage: wire });

describe('conformance 8: ways to take an answer and to leave a stream', () => {
  test('a call is recorded with all that Cohere says of it', async () => {
    const { client, tracker } = await setUp(plain);
    await client.chat(asked);
    expect(await onlyCall(tracker)).toMatchObject({
      provider: 'cohere',
      operation: 'chat',
      requestModel: model,
      responseId: 'c14c80c3',
      status: 'ok',
      complete: true,
      attempt: 1,
      final: true,
      usage,
      rawUsage: { 'tokens.inputTokens': 86 },
      providerIds: { requestId: 'trace-0' },
    });
  });

  test('the promise stays the one of the SDK, with its raw response', async () => {
    const { client, bare, tracker } = await setUp(plain);
    const promise = client.chat(asked);
    const other = bare.chat(asked);
    expect(promise.constructor).toBe(other.constructor);
    await other;
    const { data, rawResponse } = await promise.withRawResponse();
    expect(data.id).toBe('c14c80c3');
    expect(rawResponse.status).toBe(200);
    expect((await promise).id).toBe('c14c80c3');
    expect((await onlyCall(tracker)).usage).toEqual(usage);
  });

  test('an answer is deep-equal to the one without us', async () => {
    const { client, bare } = await setUp(plain);
    const [seen, expected] = [await client.chat(asked), await bare.chat(asked)];
    expect(seen).toStrictEqual(expected);
    const [stream, other] = [await client.chatStream(asked), await bare.chatStream(asked)];
    expect(Object.getPrototypeOf(stream)).toBe(Object.getPrototypeOf(other));
    expect(await collect(stream)).toStrictEqual(await collect(other));
  });

  test('a promise that nobody asks is still a call', async () => {
    const { client, tracker } = await setUp(plain);
    void client.chat(asked);
    await expect.poll(() => tracker.stats().recorded).toBe(1);
    expect((await onlyCall(tracker)).usage).toEqual(usage);
  });

  test('a break ends the request, and what was seen is estimated', async () => {
    const { client, tracker } = await setUp({
      ...chatReply({ pieces: ['12345678', 'more', 'end'] }),
      chunkDelayMs: 3,
    });
    for await (const event of await client.chatStream(asked)) if (event.type === 'content-delta') break;
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ status: 'aborted', complete: false });
    expect(call.usage).toBeUndefined();
    expect(call.estimate).toEqual({ method: 'characters', usage: { input: expect.any(Number), output: 2 } });
  });

  test('an estimate goes no further than the host allowed', async () => {
    const { client, tracker } = await setUp({
      ...chatReply({ pieces: ['a'.repeat(400), 'b'] }),
      chunkDelayMs: 3,
    });
    for await (const event of await client.chatStream({ ...asked, maxTokens: 9 }))
      if (event.type === 'content-delta') break;
    expect((await onlyCall(tracker)).estimate?.usage.output).toBe(9);
  });

  test('a stream that stands still is left by its signal', async () => {
    const { client, tracker } = await setUp({ ...plain, interrupt: { afterEvents: 3, then: 'hang' } });
    const controller = new AbortController();
    const stream = await client.chatStream(asked, { abortSignal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await collect(stream).catch(() => undefined);
    expect(await onlyCall(tracker)).toMatchObject({ status: 'aborted', complete: false });
  });
});

describe('conformance 9: errors', () => {
  test('a stream that is cut is an error', async () => {
    const { client, tracker } = await setUp({ ...plain, interrupt: { afterEvents: 3, then: 'disconnect' } });
    await expect(collect(await client.chatStream(asked))).rejects.toThrow();
    expect(await onlyCall(tracker)).toMatchObject({
      status: 'error',
      complete: false,
      errorClass: 'connection_failed',
    });
  });

  test('an error that the last event tells is one', async () => {
    const delta = { finish_reason: 'ERROR', error: 'canary', usage: wire };
    const { client, tracker } = await setUp({ events: [{ type: 'message-end', delta }] });
    await collect(await client.chatStream(asked));
    expect(await onlyCall(tracker)).toMatchObject({ status: 'error', errorClass: 'server_error', usage });
  });

  test('a last attempt that fails is the final one, and no other is made up', async () => {
    const { client, tracker } = await setUp({ failure: 503 });
    await expect(client.chat(asked, { maxRetries: 1 })).rejects.toThrow();
    const calls = [...(await tracker.calls())].sort((a, b) => a.attempt - b.attempt);
    expect(calls.map(({ attempt, final, httpStatus }) => [attempt, final, httpStatus])).toEqual([
      [1, false, 503],
      [2, true, 503],
    ]);
  });

  test('a timeout is told apart', async () => {
    const { provider, tracker } = await setUp(plain);
    const slow: typeof fetch = (_url, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(new DOMException('gone', 'AbortError')));
      });
    const client = wrapCohere(
      new CohereClientV2({ token: 'test', baseUrl: provider.baseUrl, fetch: slow }),
      tracker,
    );
    await expect(client.chat(asked, { timeoutInSeconds: 0.02 })).rejects.toThrow('Timeout');
    expect(await onlyCall(tracker)).toMatchObject({ status: 'error', errorClass: 'timeout' });
  });

  test('a failure that the host forgets stays unhandled, as it is without us', async () => {
    const { client, tracker } = await setUp({ failure: 400 });
    const unhandled: unknown[] = [];
    const listeners = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (reason) => unhandled.push(reason));
    try {
      void client.chat(asked);
      await expect.poll(() => tracker.stats().recorded).toBe(1);
      await sleep(20);
    } finally {
      process.removeAllListeners('unhandledRejection');
      for (const listener of listeners) process.on('unhandledRejection', listener);
    }
    expect(unhandled).toHaveLength(1);
  });
});

describe('conformance 10: zero and nothing', () => {
  test('a rerank has searches and no tokens', async () => {
    const body = {
      id: 'r1',
      results: [{ index: 0, relevance_score: 0.9 }],
      meta: { billed_units: { search_units: 1 } },
    };
    const { client, tracker } = await setUp({ body });
    await client.rerank({ model: 'rerank-v4.0-pro', query: 'q', documents: ['a'] });
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({
      operation: 'rerank',
      responseId: 'r1',
      rawUsage: { 'billed.searchUnits': 1 },
    });
    expect(call.usage).toBeUndefined();
  });

  test('embeddings tell what was billed', async () => {
    const body = { id: 'e1', embeddings: { float: [[0.1]] }, meta: { billed_units: { input_tokens: 6 } } };
    const { client, tracker } = await setUp({ body });
    await client.embed({
      model: 'embed-v4.0',
      inputType: 'search_query',
      embeddingTypes: ['float'],
      texts: ['t'],
    });
    expect(await onlyCall(tracker)).toMatchObject({ operation: 'embeddings', usage: { input: 6 } });
  });

  test('the first version of the API tells its usage in meta', async () => {
    const { first, tracker } = await setUp(chatReplyV1({ pieces: ['one'], usage: wire }));
    await first.chat({ model, message: 'Hi' });
    await collect(await first.chatStream({ model, message: 'Hi' }));
    const calls = await tracker.calls();
    expect(calls.map((call) => [call.usage, call.responseId])).toEqual([
      [usage, 'res-1'],
      [usage, 'res-1'],
    ]);
  });

  test('an answer without counts has no usage', async () => {
    const { client, tracker } = await setUp(chatReply({ pieces: ['x'] }));
    await client.chat(asked);
    expect((await onlyCall(tracker)).usage).toBeUndefined();
  });
});

describe('conformance 13: whose call it is', () => {
  test('a client that a context wrapped keeps its own, on both versions', async () => {
    const { first, tracker } = await setUp(({ operation }) =>
      operation === 'v1/chat' ? chatReplyV1({ pieces: ['a'] }) : plain,
    );
    await tracker.run({ customerId: 'outer' }, async (context) => {
      const own = context.wrap(first);
      await tracker.run({ customerId: 'elsewhere' }, async () => {
        await own.chat({ model, message: 'Hi' });
        await own.v2.chat(asked);
        await first.v2.chat(asked);
      });
    });
    const calls = await tracker.calls();
    expect(calls.map(({ customerId }) => customerId)).toEqual(['outer', 'outer', 'elsewhere']);
  });
});

describe('conformance 14: nothing of the text travels', () => {
  test('of prompts, tools, documents, headers and errors', async () => {
    const { client, tracker } = await setUp(({ index }) => (index ? { failure: 422 } : plain));
    const request = {
      model,
      messages: [
        { role: 'system' as const, content: 'canary-instructions' },
        {
          role: 'user' as const,
          content: [
            { type: 'text' as const, text: 'canary-prompt' },
            { type: 'image_url' as const, imageUrl: { url: 'data:image/png;base64,canary-picture' } },
          ],
        },
      ],
      tools: [{ type: 'function' as const, function: { name: 'canary_tool', parameters: { canary: 'x' } } }],
      documents: ['canary-document'],
    };
    await client.chat(request, { headers: { 'x-canary': 'canary-header' } });
    await client.chat(request).catch(() => undefined);
    expect(await tracker.calls()).toHaveLength(2);
    expect(JSON.stringify(tracker.requests())).not.toContain('canary');
  });
});

describe('conformance 15: the host is left alone', () => {
  test('nothing of ours is on the wire', async () => {
    const sent: unknown[] = [];
    const tracker = createTestTracker();
    const fetching: typeof fetch = async (url, init) => {
      sent.push({
        url,
        body: init?.body,
        headers: [...new Headers(init?.headers)],
        keys: Object.keys(init ?? {}),
      });
      return Response.json({ id: 'x', message: { role: 'assistant', content: [] } });
    };
    const make = () => new CohereClientV2({ token: 'test', fetch: fetching });
    await make().chat(asked);
    await wrapCohere(make(), tracker).chat(asked);
    expect(sent[1]).toEqual(sent[0]);
    await tracker.shutdown();
  });

  test('a long stream is passed on event by event: nothing is kept, nothing is read ahead', async () => {
    const each = 500;
    const pulls = 100;
    const counter = { pulled: 0 };
    const event = { type: 'content-delta', index: 0, delta: { message: { content: { text: 'x' } } } };
    const bytes = new TextEncoder().encode(
      `event: content-delta\ndata: ${JSON.stringify(event)}\n\n`.repeat(each),
    );
    const body = new ReadableStream({
      pull(controller) {
        if (counter.pulled++ < pulls) return controller.enqueue(bytes);
        controller.close();
      },
    });
    const tracker = createTestTracker();
    const client = wrapCohere(
      new CohereClientV2({ token: 'test', fetch: async () => new Response(body) }),
      tracker,
    );
    let seen = 0;
    let furthestAhead = 0;
    for await (const item of await client.chatStream(asked)) {
      if (item.type === 'content-delta') seen++;
      furthestAhead = Math.max(furthestAhead, counter.pulled * each - seen);
    }
    expect(seen).toBe(pulls * each);
    expect(furthestAhead).toBeLessThanOrEqual(3 * each);
    expect(await onlyCall(tracker)).toMatchObject({ complete: false, errorClass: 'usage_absent' });
  });

  test('a client of something else is left as it is, and that is counted', async () => {
    const tracker = createTestTracker();
    const other = { embeddings: {} };
    expect(wrapCohere(other, tracker)).toBe(other);
    expect(Object.keys(other)).toEqual(['embeddings']);
    expect(tracker.stats().lost).toEqual({ unsupported_sdk: 1 });
  });
});

describe('budgets', () => {
  test('a refused call does not go out, and its refusal reaches the host as it is', async () => {
    const { bare, provider, tracker } = await setUp(plain);
    const refusal = new TrackerError('budget_exceeded', 'over');
    const admit = () => Promise.reject(refusal);
    const client = wrapCohere(bare, { recorder: { ...tracker.recorder, admit } });
    const seen: unknown = await client.chat(asked).catch((error: unknown) => error);
    expect(seen).toBe(refusal);
    expect(provider.requests()).toHaveLength(0);
    expect(await tracker.calls()).toHaveLength(0);
    expect(tracker.stats().unfinished).toBe(0);
  });

  test('an admitted call goes out afterwards, once', async () => {
    const { bare, provider, tracker } = await setUp(plain);
    let asks = 0;
    const admit = async () => {
      await sleep(5);
      expect(provider.requests()).toHaveLength(0);
      asks++;
    };
    await wrapCohere(bare, { recorder: { ...tracker.recorder, admit } }).chat(asked);
    expect(asks).toBe(1);
    expect((await onlyCall(tracker)).usage).toEqual(usage);
  });
});

test('a method that the host replaced by one that answers at once gives its answer, and is counted', async () => {
  const tracker = createTestTracker();
  const answer = { id: 'resp_1', usage: { tokens: { inputTokens: 3, outputTokens: 1 } } };
  const client = wrapCohere({ clientV2: { chat: (_: object) => answer } }, tracker);
  expect(client.clientV2.chat({ model: 'command-a' })).toBe(answer);
  expect(await tracker.calls()).toMatchObject([
    { requestModel: 'command-a', usage: { input: 3, output: 1 } },
  ]);
});
