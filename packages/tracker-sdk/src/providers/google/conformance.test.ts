import { setTimeout as sleep } from 'node:timers/promises';
import { GenerateContentResponse } from '@google/genai';
import { describe, expect, test } from 'vitest';
import { collect } from '../../testing/collect.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';
import { byAttempt, newest, onlyCall, setUp } from './__fixtures__/set-up.ts';
import { startFakeGoogle } from './__fixtures__/start-fake-google.ts';
import { model, wireAnswer, wireChunks, wireUsage } from './__fixtures__/wire-answers.ts';
import { wrapGoogle } from './wrap-google.ts';

const usage = { input: 16, cacheRead: 4, output: 7 };
const whole = { answers: [wireAnswer('one two', { usageMetadata: wireUsage(usage) }, 'STOP')] };
const streamed = { answers: wireChunks(['one ', 'two ', 'three'], usage, true) };
const asked = { model, contents: 'Hi' };

describe('conformance 8: ways to leave a stream', () => {
  test('a break keeps what the chunks had told, and says that it is not all', async () => {
    const { client, tracker } = await setUp({ ...streamed, chunkDelayMs: 3 });
    for await (const chunk of await client.models.generateContentStream(asked))
      if (chunk.text === 'two ') break;
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ status: 'aborted', complete: false });
    expect(call.usage).toEqual({ ...usage, output: 2 });
    expect(call.estimate).toBeUndefined();
  });

  test('a break where usage comes last is estimated, beside an empty usage', async () => {
    const { client, tracker } = await setUp({
      answers: wireChunks(['12345678', 'more', 'end'], usage, false),
      chunkDelayMs: 3,
    });
    for await (const chunk of await client.models.generateContentStream(asked)) if (chunk) break;
    const call = await onlyCall(tracker);
    expect(call.usage).toBeUndefined();
    expect(call.estimate).toEqual({ method: 'characters', usage: { input: expect.any(Number), output: 2 } });
  });

  test('a chunk that tells only the prompt leaves the answer to be estimated', async () => {
    const prompt = { promptTokenCount: 30, totalTokenCount: 30 };
    const { client, tracker } = await setUp({
      answers: [wireAnswer('12345678', { usageMetadata: prompt }), wireAnswer('more', {}, 'STOP')],
      chunkDelayMs: 3,
    });
    for await (const chunk of await client.models.generateContentStream(asked)) if (chunk) break;
    const call = await onlyCall(tracker);
    expect(call.usage).toEqual({ input: 30 });
    expect(call.estimate?.usage).toEqual({ output: 2 });
  });

  test('a break after the finish reason is a whole call', async () => {
    const { client, tracker } = await setUp(streamed);
    for await (const chunk of await client.models.generateContentStream(asked))
      if (chunk.candidates?.[0]?.finishReason) break;
    expect(await onlyCall(tracker)).toMatchObject({ status: 'ok', complete: true, usage });
  });

  test('a stream that ends without a finish reason is told apart', async () => {
    const { client, tracker } = await setUp({ answers: streamed.answers.slice(0, 2) });
    await collect(await client.models.generateContentStream(asked));
    expect(await onlyCall(tracker)).toMatchObject({
      status: 'ok',
      complete: false,
      errorClass: 'ended_early',
    });
  });

  test('an abort keeps what the chunks had told', async () => {
    const { client, tracker } = await setUp({
      answers: streamed.answers,
      interrupt: { afterEvents: 2, then: 'hang' },
    });
    const controller = new AbortController();
    const config = { abortSignal: controller.signal };
    const stream = await client.models.generateContentStream({ ...asked, config });
    await expect(
      (async () => {
        for await (const chunk of stream) if (chunk.text === 'two ') controller.abort();
      })(),
    ).rejects.toThrow('abort');
    expect(await onlyCall(tracker)).toMatchObject({
      status: 'aborted',
      complete: false,
      usage: { output: 2 },
    });
  });

  test('throw on the iterator reaches the SDK and ends the call', async () => {
    const { client, tracker } = await setUp({ ...streamed, chunkDelayMs: 3 });
    const config = { automaticFunctionCalling: { disable: true } };
    const stream = await client.models.generateContentStream({ ...asked, config });
    await stream.next();
    await expect(stream.throw(new Error('mine'))).rejects.toThrow('mine');
    expect(await onlyCall(tracker)).toMatchObject({ status: 'aborted', complete: false });
  });
});

describe('conformance 9: errors and retries', () => {
  test('an error in the middle of a stream keeps its own class and no HTTP status', async () => {
    const { client, bare, tracker } = await setUp({
      answers: streamed.answers,
      interrupt: { afterEvents: 2, then: 'error' },
    });
    const read = async (from: typeof client) =>
      collect(await from.models.generateContentStream(asked)).catch((error: unknown) => error as Error);
    const seen = await read(client);
    expect(seen).toEqual(await read(bare));
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ status: 'error', complete: false, errorClass: 'http_500' });
    expect(call.httpStatus).toBeUndefined();
  });

  test('version 1, which takes an error event for an empty answer, leaves a call that is not whole', async () => {
    const [oldest] = sdkVersions;
    const { client, tracker } = await setUp(
      { answers: streamed.answers, interrupt: { afterEvents: 2, then: 'error' } },
      {},
      oldest,
    );
    await collect(await client.models.generateContentStream(asked));
    expect(await onlyCall(tracker)).toMatchObject({
      status: 'ok',
      complete: false,
      errorClass: 'ended_early',
    });
  });

  test('a connection that is cut is an error of the connection', async () => {
    const { client, tracker } = await setUp({
      answers: streamed.answers,
      chunkDelayMs: 5,
      interrupt: { afterEvents: 1, then: 'disconnect' },
    });
    const stream = await client.models.generateContentStream(asked);
    await expect(collect(stream)).rejects.toThrow();
    expect(await onlyCall(tracker)).toMatchObject({ status: 'error', errorClass: 'connection_failed' });
  });

  test('retries that never succeed end with the last status', async () => {
    const retryOptions = { attempts: 2, initialDelay: 0.001, maxDelay: 0.001 };
    const { client, tracker } = await setUp({ failure: 503 }, { httpOptions: { retryOptions } });
    await expect(client.models.generateContent(asked)).rejects.toThrow('503');
    const calls = await byAttempt(tracker);
    expect(calls.map((call) => [call.attempt, call.final, call.httpStatus])).toEqual([
      [1, false, 503],
      [2, true, 503],
    ]);
    expect(new Set(calls.map((call) => call.callId)).size).toBe(1);
  });

  test("the host's own fetch function stays in use under the retries", async () => {
    let fetched = 0;
    const own: typeof fetch = async (...parameters) => {
      fetched++;
      return fetched === 1 ? new Response('{}', { status: 429 }) : fetch(...parameters);
    };
    const retryOptions = { attempts: 2, initialDelay: 0.001, maxDelay: 0.001 };
    const { client, tracker } = await setUp(whole, { httpOptions: { retryOptions, fetch: own } });
    await client.models.generateContent(asked);
    expect(fetched).toBe(2);
    expect((await byAttempt(tracker)).map((call) => call.httpStatus)).toEqual([429, undefined]);
  });

  test('a timeout is told apart from an abort', async () => {
    const { client, tracker } = await setUp({ ...whole, delayMs: 300 }, { httpOptions: { timeout: 20 } });
    await expect(client.models.generateContent(asked)).rejects.toThrow();
    expect(await onlyCall(tracker)).toMatchObject({ status: 'error', errorClass: 'timeout' });
  });

  test('a failed call that nobody waits for is still reported as unhandled', async () => {
    const { client } = await setUp({ failure: 400 });
    const reported: unknown[] = [];
    const listeners = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (error) => reported.push(error));
    try {
      void client.models.generateContent(asked);
      await expect.poll(() => reported.length).toBe(1);
      await client.models.generateContent(asked).catch(() => undefined);
      await sleep(20);
    } finally {
      process.removeAllListeners('unhandledRejection');
      for (const listener of listeners) process.on('unhandledRejection', listener);
    }
    expect(reported).toHaveLength(1);
  });
});

test('conformance 11: clients of several copies of the SDK are tracked side by side, with equal response ids', async () => {
  const provider = await startFakeGoogle(() => whole);
  const tracker = createTestTracker();
  for (const { GoogleGenAI } of sdkVersions) {
    const options = { apiKey: 'test', httpOptions: { baseUrl: provider.baseUrl } };
    await wrapGoogle(new GoogleGenAI(options), tracker).models.generateContent(asked);
  }
  const calls = await tracker.calls();
  expect(calls.map((call) => call.responseId)).toEqual(['resp-1', 'resp-1', 'resp-1']);
  await provider.close();
});

describe('conformance 13: whose call it is', () => {
  test('a client of a run counts chats and streams for that run, and the first client for nobody', async () => {
    const { client, tracker } = await setUp(({ method }) =>
      method === 'streamGenerateContent' ? streamed : whole,
    );
    const own = await tracker.run({ customerId: 'c1' }, async (context) => context.wrap(client));
    await own.chats.create({ model }).sendMessage({ message: 'Hi' });
    await collect(await own.models.generateContentStream(asked));
    await tracker.run({ customerId: 'c2' }, (context) => context.wrap(own).models.generateContent(asked));
    await client.models.generateContent(asked);
    expect((await tracker.calls()).map((call) => call.customerId)).toEqual(['c1', 'c1', 'c2', undefined]);
    expect(own).toBeInstanceOf(newest.GoogleGenAI);
  });

  test('a client whose parts cannot be made anew stays as it is in a run, and that is counted', async () => {
    const { client, tracker } = await setUp(whole);
    Object.defineProperty(client.chats, 'constructor', { value: undefined });
    await tracker.run({ customerId: 'c1' }, async (context) => {
      expect(context.wrap(client)).toBe(client);
      await client.models.generateContent(asked);
    });
    expect((await onlyCall(tracker)).customerId).toBe('c1');
    expect(tracker.stats().lost).toEqual({ unsupported_sdk: 1 });
  });

  test('what is no client is returned untouched and counted', () => {
    const tracker = createTestTracker();
    const stand = { models: { generateContent: async () => 'mine' } };
    expect(wrapGoogle(stand, tracker)).toBe(stand);
    tracker.run({}, (context) => expect(context.wrap(stand)).toBe(stand));
    expect(tracker.stats().lost).toEqual({ unsupported_sdk: 2 });
  });
});

test('conformance 14: no prompt, file, tool, header, answer or error text leaves', async () => {
  const canary = 'canary-text';
  const { client, tracker } = await setUp(({ index }) =>
    index === 2
      ? { failure: 400, headers: { 'x-canary': canary } }
      : {
          answers: [wireAnswer(canary, { usageMetadata: wireUsage(usage), canary }, 'STOP')],
        },
  );
  const request = {
    model,
    contents: [
      {
        role: 'user',
        parts: [{ text: canary }, { inlineData: { data: btoa(canary), mimeType: 'image/png' } }],
      },
    ],
    config: {
      systemInstruction: canary,
      tools: [{ functionDeclarations: [{ name: 'canary_tool', description: canary }] }],
      httpOptions: { headers: { 'x-mine': canary } },
    },
  };
  await client.models.generateContent(request);
  for await (const chunk of await client.models.generateContentStream(request)) if (chunk) break;
  await expect(client.models.generateContent(request)).rejects.toThrow('The fake provider');
  expect(await tracker.calls()).toHaveLength(3);
  const sent = JSON.stringify(tracker.requests());
  expect(sent).not.toContain('fake provider');
  expect(sent).not.toContain('canary');
  expect(sent).not.toContain(btoa(canary));
});

describe('conformance 15: overhead', () => {
  test.each(sdkVersions)('bare and wrapped give equal results of equal classes on $name', async (version) => {
    const { client, bare } = await setUp(
      ({ method }) => (method === 'streamGenerateContent' ? streamed : whole),
      {},
      version,
    );
    const plain = await bare.models.generateContent(asked);
    const seen = await client.models.generateContent(asked);
    expect(seen).toEqual(plain);
    expect(Object.getPrototypeOf(seen)).toBe(Object.getPrototypeOf(plain));
    const request = { ...asked, config: { automaticFunctionCalling: { disable: true } } };
    const [a, b] = [
      await bare.models.generateContentStream(request),
      await client.models.generateContentStream(request),
    ];
    expect(Object.getPrototypeOf(b)).toEqual(Object.getPrototypeOf(a));
    expect(Object.keys(b)).toEqual(Object.keys(a));
    expect(await collect(b)).toEqual(await collect(a));
    expect(Object.keys(client.models)).toEqual(Object.keys(bare.models));
    expect(Object.keys(client)).toEqual(Object.keys(bare));
  });

  test('the request goes out in the same turn as without the wrapper', async () => {
    const turnsUntilFetch = async (wrapped: boolean): Promise<number> => {
      let out = false;
      const own: typeof fetch = async () => {
        out = true;
        return Response.json(whole.answers[0]);
      };
      const plain = new newest.GoogleGenAI({ apiKey: 'test', httpOptions: { fetch: own } });
      const client = wrapped ? wrapGoogle(plain, createTestTracker()) : plain;
      const answer = client.models.generateContent(asked);
      let turns = 0;
      for (; !out; turns++) await undefined;
      await answer;
      return turns;
    };
    expect(await turnsUntilFetch(true)).toBe(await turnsUntilFetch(false));
  });

  test('a long stream is passed on chunk by chunk: nothing is kept, nothing is read ahead', async () => {
    const perPull = 500;
    let pulled = 0;
    const event = `data: ${JSON.stringify(wireAnswer('x'))}\n\n`;
    const bytes = new TextEncoder().encode(event.repeat(perPull));
    const body = new ReadableStream({
      pull(controller) {
        if (pulled++ < 100) controller.enqueue(bytes);
        else controller.close();
      },
    });
    const tracker = createTestTracker();
    const own: typeof fetch = async () => new Response(body);
    const client = wrapGoogle(
      new newest.GoogleGenAI({ apiKey: 'test', httpOptions: { fetch: own } }),
      tracker,
    );
    const config = { automaticFunctionCalling: { disable: true }, automaticContinuation: false };
    let seen = 0;
    let ahead = 0;
    for await (const chunk of await client.models.generateContentStream({ ...asked, config })) {
      if (chunk instanceof GenerateContentResponse) seen++;
      ahead = Math.max(ahead, pulled * perPull - seen);
    }
    expect(seen).toBe(100 * perPull);
    expect(ahead).toBeLessThanOrEqual(3 * perPull);
    expect(tracker.stats().unfinished).toBe(0);
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ complete: false, errorClass: 'usage_absent' });
    expect(call.estimate?.usage.output).toBe((100 * perPull) / 4);
  });
});

describe('budgets', () => {
  test('a refused call goes to the host as an error, makes no request and leaves no event', async () => {
    const { bare, provider, tracker } = await setUp(whole);
    const refusal = new Error('over budget');
    let admitted = 0;
    const { recorder } = tracker;
    const client = wrapGoogle(bare, {
      recorder: { ...recorder, admit: () => (admitted++ ? Promise.reject(refusal) : Promise.resolve()) },
    });
    await client.models.generateContent(asked);
    await expect(client.models.generateContent(asked)).rejects.toBe(refusal);
    await expect(client.models.generateContentStream(asked)).rejects.toBe(refusal);
    expect(provider.requests()).toHaveLength(1);
    await onlyCall(tracker);
    expect(tracker.stats().unfinished).toBe(0);
  });
});
