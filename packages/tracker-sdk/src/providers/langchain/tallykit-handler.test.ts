import { InMemoryCache } from '@langchain/core/caches';
import type { Callbacks } from '@langchain/core/callbacks/manager';
import { awaitAllCallbacks } from '@langchain/core/callbacks/promises';
import { BaseLLM } from '@langchain/core/language_models/llms';
import { ChatPromptTemplate } from '@langchain/core/prompts';
import { RunnableLambda } from '@langchain/core/runnables';
import { tool } from '@langchain/core/tools';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { TrackerError } from '../../errors/tracker-error.ts';
import { collect } from '../../testing/collect.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { trackedFetch } from '../fetch/tracked-fetch.ts';
import { onlyCall, plain, plainUsage, setUp } from './__fixtures__/set-up.ts';
import { tallykitHandler } from './tallykit-handler.ts';

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('the types of LangChain take the handler', async () => {
  const callbacks: Callbacks = [tallykitHandler(createTestTracker())];
  expect(callbacks).toHaveLength(1);
});

test('a model run is one call with the identity of its response', async () => {
  const { model, handler, tracker } = await setUp({ ...plain, model: 'gpt-4o-mini-2024' });
  await model.invoke('Hi', { callbacks: [handler] });
  expect(await onlyCall(tracker)).toMatchObject({
    provider: 'openai',
    operation: 'chat',
    requestModel: 'gpt-4o-mini',
    responseModel: 'gpt-4o-mini-2024',
    responseId: 'chatcmpl_0',
    usage: plainUsage,
    status: 'ok',
    complete: true,
    final: true,
  });
});

describe('conformance 13: attribution', () => {
  test('is that of the moment a run starts, beside a slow handler in the background', async () => {
    const { model, handler, tracker } = await setUp({ ...plain, chunkDelayMs: 2 });
    const slow = { handleChatModelStart: () => sleep(5), handleLLMEnd: () => sleep(5) };
    const customers = Array.from({ length: 6 }, (_, index) => `customer-${index}`);
    await Promise.all(
      customers.map((customerId) =>
        tracker.run({ customerId }, async () => {
          await model.invoke('Hi', { callbacks: [slow, handler] });
          await collect(await model.stream('Hi', { callbacks: [slow, handler] }));
        }),
      ),
    );
    await awaitAllCallbacks();
    const calls = await tracker.calls();
    expect(calls).toHaveLength(12);
    for (const customerId of customers)
      expect(calls.filter((call) => call.customerId === customerId)).toHaveLength(2);
  });

  test('is inherited by everything in a chain, with one trace', async () => {
    const { model, handler, tracker } = await setUp();
    const chain = ChatPromptTemplate.fromTemplate('{what}')
      .pipe(model)
      .pipe(RunnableLambda.from((message) => (message as { text: string }).text))
      .pipe(model);
    await tracker.run({ customerId: 'cus_1' }, () => chain.invoke({ what: 'Hi' }, { callbacks: [handler] }));
    const calls = await tracker.calls();
    expect(calls.map((call) => call.customerId)).toEqual(['cus_1', 'cus_1']);
    expect(new Set(calls.map((call) => call.traceId)).size).toBe(1);
  });

  test("of a run's own metadata wins key by key, and nothing else of it is taken", async () => {
    const { model, handler, tracker } = await setUp();
    await tracker.run({ customerId: 'ambient', flow: 'triage' }, () =>
      model.invoke('Hi', {
        callbacks: [handler],
        metadata: { secret: 'canary', tallykit: { customerId: 42, tags: { tone: 'dry' }, note: 'canary' } },
      }),
    );
    expect(await onlyCall(tracker)).toMatchObject({
      customerId: '42',
      flow: 'triage',
      tags: { tone: 'dry' },
    });
    expect(JSON.stringify(tracker.requests())).not.toContain('canary');
  });

  test('is explicit through the context of a run', async () => {
    const { model } = await setUp();
    const tracker = createTestTracker({ asyncLocalStorage: null });
    await tracker.run({ customerId: 'explicit' }, (context) =>
      model.invoke('Hi', { callbacks: [tallykitHandler(context)] }),
    );
    expect((await onlyCall(tracker)).customerId).toBe('explicit');
  });

  test('of a queue is none unless it is given', async () => {
    const { model, handler, tracker } = await setUp();
    const jobs: (() => Promise<unknown>)[] = [];
    tracker.run(
      { customerId: 'cus_1' },
      () => void jobs.push(() => model.invoke('Hi', { callbacks: [handler] })),
    );
    await jobs[0]?.();
    expect((await onlyCall(tracker)).customerId).toBeUndefined();
  });
});

describe('conformance 8: streams', () => {
  test('a stream tells its service tier, which LangChain keeps to itself elsewhere', async () => {
    const { model, handler, tracker } = await setUp({ ...plain, serviceTier: 'flex' });
    await collect(await model.stream('Hi', { callbacks: [handler] }));
    expect(await onlyCall(tracker)).toMatchObject({ serviceTier: 'flex', usage: plainUsage });
  });

  test('a stream that is left is recorded as left behind, with an estimate, when it is swept', async () => {
    const { model, handler, tracker } = await setUp({ ...plain, chunkDelayMs: 10 });
    for await (const chunk of await model.stream('Hello there', { callbacks: [handler] }))
      if (chunk.text) break;
    expect(await tracker.calls()).toEqual([]);
    await tracker.shutdown();
    expect(await onlyCall(tracker)).toMatchObject({
      status: 'aborted',
      complete: false,
      errorClass: 'abandoned',
      responseId: 'chatcmpl_0',
      estimate: { usage: { input: 3, output: 1 } },
    });
  });

  test('arguments of tools are measured too', async () => {
    const { model, handler, tracker } = await setUp({
      toolCalls: [{ name: 'look', arguments: '{"at":"a long way off"}' }],
      interrupt: { afterEvents: 3, then: 'disconnect' },
    });
    await expect(
      (async () => collect(await model.stream('Hi', { callbacks: [handler] })))(),
    ).rejects.toThrow();
    expect(await onlyCall(tracker)).toMatchObject({ status: 'error', estimate: { usage: { output: 6 } } });
  });

  test('a handler that prefers content blocks does not hide the text', async () => {
    const { model, handler, tracker } = await setUp({ ...plain, chunkDelayMs: 5 });
    const controller = new AbortController();
    const other = {
      name: 'other',
      awaitHandlers: true,
      lc_prefer_chat_model_stream_events: true,
      handleChatModelStreamEvent: (event: { event: string }) => {
        if (event.event === 'content-block-delta') controller.abort();
      },
    };
    await expect(
      model.invoke('Hi', { callbacks: [handler, other], signal: controller.signal }),
    ).rejects.toThrow();
    const call = await onlyCall(tracker);
    expect(call.status).toBe('aborted');
    expect(call.firstChunkMs).toBeDefined();
  });

  test('events of a chain are streamed and counted', async () => {
    const { model, handler, tracker } = await setUp();
    const chain = ChatPromptTemplate.fromTemplate('{what}').pipe(model);
    await collect(chain.streamEvents({ what: 'Hi' }, { version: 'v2', callbacks: [handler] }));
    expect((await onlyCall(tracker)).usage).toEqual(plainUsage);
  });
});

test('a batch is one call for each of its inputs', async () => {
  const { model, handler, tracker } = await setUp(({ index }) =>
    index === 1 ? { failure: { status: 500 } } : plain,
  );
  const results = await model.batch(['a', 'b', 'c'], { callbacks: [handler] }, { returnExceptions: true });
  expect(results).toHaveLength(3);
  const calls = await tracker.calls();
  expect(calls.map((call) => call.status).sort()).toEqual(['error', 'ok', 'ok']);
  expect(new Set(calls.map((call) => call.callId)).size).toBe(3);
});

test('an answer from the cache is no call', async () => {
  const { model, handler, tracker, provider } = await setUp(plain, { cache: new InMemoryCache() });
  const first = await model.invoke('Hi', { callbacks: [handler] });
  const second = await model.invoke('Hi', { callbacks: [handler] });
  expect(second.text).toBe(first.text);
  expect(provider.requestCount()).toBe(1);
  expect((await onlyCall(tracker)).usage).toEqual(plainUsage);
  expect(tracker.stats().unfinished).toBe(0);
});

test('conformance 11: handlers of one tracker at several places count once', async () => {
  const { tracker, model } = await setUp(plain, {});
  model.callbacks = [tallykitHandler(tracker)];
  const again = tallykitHandler(tracker);
  await model.invoke('Hi', { callbacks: [again, tallykitHandler(tracker)] });
  await onlyCall(tracker);
  expect(tracker.stats().unfinished).toBe(0);
});

test('conformance 11: a wrapped client underneath tells the same response', async () => {
  const { provider } = await setUp();
  const { openModel } = await import('./__fixtures__/open-driver.ts');
  const tracker = createTestTracker();
  const configuration = { baseURL: provider.baseURL, fetch: trackedFetch(tracker) };
  const model = openModel(provider.baseURL, { configuration });
  await model.invoke('Hi', { callbacks: [tallykitHandler(tracker)] });
  const calls = await tracker.calls();
  expect(calls.map((call) => call.responseId)).toEqual(['chatcmpl_0', 'chatcmpl_0']);
});

describe('conformance 9: errors', () => {
  test('a retry inside of LangChain is one run', async () => {
    const { model, handler, tracker, provider } = await setUp(
      ({ index }) => (index === 0 ? { failure: { status: 503 } } : plain),
      { maxRetries: 1 },
    );
    await model.invoke('Hi', { callbacks: [handler] });
    expect(provider.requestCount()).toBe(2);
    expect(await onlyCall(tracker)).toMatchObject({ status: 'ok', usage: plainUsage, attempt: 1 });
  });

  test('a fallback is a call of its own, and an attempt in a run that says so', async () => {
    const { model, handler, tracker } = await setUp(({ index }) =>
      index % 2 === 0 ? { failure: { status: 429 } } : plain,
    );
    const { model: other } = await setUp();
    const chain = model.withFallbacks([other]);
    await tracker.run({ asOneCall: true }, () => chain.invoke('Hi', { callbacks: [handler] }));
    const calls = [...(await tracker.calls())].sort((a, b) => a.attempt - b.attempt);
    expect(calls.map(({ final, status }) => [final, status])).toEqual([
      [false, 'error'],
      [true, 'ok'],
    ]);
  });

  test('an abort of an invocation is one', async () => {
    const { model, handler, tracker } = await setUp({ ...plain, delayMs: 200 });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    await expect(model.invoke('Hi', { callbacks: [handler], signal: controller.signal })).rejects.toThrow();
    expect(await onlyCall(tracker)).toMatchObject({ status: 'aborted', complete: false });
  });

  test('a timeout of LangChain aborts the request, and is recorded as that', async () => {
    const { model, handler, tracker } = await setUp({ ...plain, delayMs: 200 });
    await expect(model.invoke('Hi', { callbacks: [handler], timeout: 20 })).rejects.toThrow();
    expect(await onlyCall(tracker)).toMatchObject({ status: 'aborted', complete: false });
  });
});

describe('tools', () => {
  const look = tool(
    async ({ at }) => {
      if (at === 'nowhere') throw new Error('canary');
      return 'canary';
    },
    { name: 'look', description: 'Looks.', schema: z.object({ at: z.string() }) },
  );

  test('are recorded without arguments and results, with the attribution of their run', async () => {
    const { handler, tracker } = await setUp();
    await tracker.run({ customerId: 'cus_1' }, async () => {
      await look.invoke(
        { at: 'canary' },
        { callbacks: [handler], metadata: { tallykit: { flow: 'search' } } },
      );
      await look.invoke({ at: 'nowhere' }, { callbacks: [handler] }).catch(() => undefined);
    });
    const events = await tracker.events();
    expect(events).toMatchObject([
      { kind: 'tool_call', tool: 'look', status: 'ok', customerId: 'cus_1', flow: 'search' },
      { kind: 'tool_call', tool: 'look', status: 'error', errorClass: 'tool_failed', customerId: 'cus_1' },
    ]);
    expect(JSON.stringify(tracker.requests())).not.toContain('canary');
  });

  test('are left alone where the host says so', async () => {
    const { tracker } = await setUp();
    await look.invoke({ at: 'x' }, { callbacks: [tallykitHandler(tracker, { tools: false })] });
    expect(await tracker.events()).toEqual([]);
  });

  test("take the attribution that held when they began, and the tracker's own clock", async () => {
    let time = 1_800_000_000_000;
    const tracker = createTestTracker({ now: () => time });
    const { handleToolStart, handleToolEnd } = tallykitHandler(tracker);
    tracker.run({ customerId: 'cus_1' }, () => handleToolStart({ name: 'look' }, 'canary', 'run-1'));
    time += 1500;
    tracker.run({ customerId: 'cus_2' }, () => handleToolEnd('canary', 'run-1'));
    expect(await tracker.events()).toMatchObject([{ tool: 'look', customerId: 'cus_1', durationMs: 1500 }]);
  });
});

describe('models of text', () => {
  class Completing extends BaseLLM {
    _llmType() {
      return 'mine';
    }
    override invocationParams() {
      return { model: 'text-1', max_tokens: 9 };
    }
    async _generate(prompts: string[]) {
      return {
        generations: prompts.map(() => [{ text: 'done' }]),
        llmOutput: { tokenUsage: { promptTokens: 8, completionTokens: 3, totalTokens: 11 } },
      };
    }
  }

  test('tell their usage in the older way', async () => {
    const { handler, tracker } = await setUp();
    await new Completing({}).invoke('Hi', { callbacks: [handler] });
    expect(await onlyCall(tracker)).toMatchObject({
      operation: 'text_completion',
      requestModel: 'text-1',
      usage: { input: 8, output: 3 },
    });
  });

  test('are asked once for several prompts', async () => {
    const { handler, tracker } = await setUp();
    await new Completing({}).generate(['a', 'b'], { callbacks: [handler] });
    expect((await onlyCall(tracker)).usage).toEqual({ input: 8, output: 3 });
    expect(tracker.stats().unfinished).toBe(0);
  });
});

describe('budgets', () => {
  const refusal = new TrackerError('budget_exceeded', 'No.');

  test('a refused run does not go out, fails with the refusal and leaves no event', async () => {
    const { model, tracker, provider } = await setUp();
    const recorder = { ...tracker.recorder, admit: () => Promise.reject(refusal) };
    const callbacks = [tallykitHandler({ recorder })];
    await expect(model.invoke('Hi', { callbacks })).rejects.toBe(refusal);
    await expect(model.stream('Hi', { callbacks })).rejects.toBe(refusal);
    expect(provider.requestCount()).toBe(0);
    expect(tracker.stats()).toMatchObject({ recorded: 0, unfinished: 0 });
  });

  test("are asked with the attribution of the run's metadata", async () => {
    const { model, tracker } = await setUp();
    const asked: unknown[] = [];
    const admit = async (_: unknown, attribution: unknown) => void asked.push(attribution);
    const callbacks = [tallykitHandler({ recorder: { ...tracker.recorder, admit } })];
    await model.invoke('Hi', { callbacks, metadata: { tallykit: { customerId: 'cus_1' } } });
    expect(asked).toEqual([{ customerId: 'cus_1' }]);
    expect((await onlyCall(tracker)).customerId).toBe('cus_1');
  });
});

test('conformance 14: no text of messages, tools, errors or metadata leaves', async () => {
  const { model, handler, tracker } = await setUp(({ index }) =>
    index === 1 ? { failure: { status: 400, message: 'canary' } } : { ...plain, chunks: ['canary'] },
  );
  const options = { callbacks: [handler], tags: ['canary'], metadata: { note: 'canary' }, runName: 'canary' };
  await model.invoke(
    [
      ['system', 'canary'],
      [
        'human',
        [
          { type: 'text', text: 'canary' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,canary' } },
        ],
      ],
    ],
    options,
  );
  await model.invoke('canary', options).catch(() => undefined);
  await collect(await model.stream('canary', options));
  expect(await tracker.calls()).toHaveLength(3);
  expect(JSON.stringify(tracker.requests())).not.toContain('canary');
});

test('a handler that is called in any way never throws, and forgets what it does not know', async () => {
  const { handler, tracker } = await setUp();
  for (const method of Object.values(handler).filter((value) => typeof value === 'function'))
    for (const given of [[], [null, null, null], [{}, [[null]], 'run', 1, 'x', 2, 'y'], [Symbol('x'), 7, {}]])
      expect(() => (method as (...parameters: unknown[]) => unknown)(...given)).not.toThrow();
  await tracker.shutdown();
  expect(tracker.stats().unfinished).toBe(0);
});

test('conformance 15: a long stream is measured and forgotten', async () => {
  const { handler, tracker } = await setUp();
  await handler.handleChatModelStart({}, [['Hi']], 'run', undefined, {}, [], { ls_provider: 'openai' });
  for (let piece = 0; piece < 50_000; piece++)
    handler.handleLLMNewToken('four', {}, 'run', undefined, [], {});
  handler.handleLLMError(new Error('AbortError'), 'run');
  expect(await onlyCall(tracker)).toMatchObject({
    status: 'aborted',
    estimate: { usage: { output: 50_000 } },
  });
});
