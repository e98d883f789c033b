import { describe, expect, test, vi } from 'vitest';
import { collect } from '../../testing/collect.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { startFakeOpenAI } from '../../testing/fake-openai/start-fake-openai.ts';
import { trackedFetch } from '../fetch/tracked-fetch.ts';
import { asked } from './__fixtures__/open-driver.ts';
import { type SdkMajor, sdkMajors } from './__fixtures__/sdk-majors.ts';
import { onlyCall, plain, plainUsage, setUp } from './__fixtures__/set-up.ts';
import { wrapAIModel } from './wrap-ai-model.ts';

const newest = sdkMajors.at(-1) as SdkMajor;

describe.each(sdkMajors)('$name', (major) => {
  const { ai, createOpenAI } = major;

  test('conformance 1: usage is in the last part of the stream, and nothing is added to it', async () => {
    const { model, tracker, provider } = await setUp(major);
    const parts = await collect((await model.doStream(asked('Hi'))).stream);
    expect(parts.map(({ type }) => type).filter((type) => type === 'finish')).toHaveLength(1);
    expect((await onlyCall(tracker)).usage).toEqual(plainUsage);
    expect(provider.requestCount()).toBe(1);
  });

  test('conformance 2: a stream of responses tells identity, tier and the searches that are billed', async () => {
    const { model, tracker } = await setUp(
      major,
      { ...plain, serviceTier: 'flex', id: 'resp_x' },
      'responses',
    );
    await ai.generateText({ model, prompt: 'Hi' });
    await ai.streamText({ model, prompt: 'Hi' }).consumeStream();
    for (const call of await tracker.calls())
      expect(call).toMatchObject({ serviceTier: 'flex', responseId: 'resp_x', usage: plainUsage });
  });

  describe('conformance 8: what a host may do with a stream', () => {
    test('cancelling it reaches the model', async () => {
      const { model, tracker } = await setUp(major);
      const cancelled: unknown[] = [];
      const endless = wrapAIModel(
        {
          ...fieldsOf(model),
          doStream: async (_: object) => ({
            stream: new ReadableStream({
              pull: (controller) => controller.enqueue({ type: 'text-delta', id: '1', delta: 'x' }),
              cancel: (reason) => void cancelled.push(reason),
            }),
          }),
        },
        tracker,
      );
      const reader = (await endless.doStream(asked('Hi'))).stream.getReader();
      await reader.read();
      await reader.cancel('enough');
      expect(cancelled).toEqual(['enough']);
      expect(await onlyCall(tracker)).toMatchObject({ status: 'aborted', complete: false });
    });

    test('a tee is read to its end by both, and counted once', async () => {
      const { model, tracker } = await setUp(major);
      const [one, other] = (await model.doStream(asked('Hi'))).stream.tee();
      const [first, second] = await Promise.all([collect(one), collect(other)]);
      expect(first).toEqual(second);
      expect((await onlyCall(tracker)).usage).toEqual(plainUsage);
    });

    test('cancelling it before anything was read is an abort without an estimate', async () => {
      const { model, tracker } = await setUp(major);
      await (await model.doStream(asked('Hi'))).stream.cancel();
      const call = await onlyCall(tracker);
      expect(call.status).toBe('aborted');
      expect(call.estimate).toBeUndefined();
    });

    test('aborting without reading on is recorded at once', async () => {
      const { model, tracker } = await setUp(major, { ...plain, chunkDelayMs: 20 });
      const controller = new AbortController();
      const reader = (await model.doStream(asked('Hi', controller.signal))).stream.getReader();
      while ((await reader.read()).value?.type !== 'text-delta');
      controller.abort();
      expect(await onlyCall(tracker)).toMatchObject({ status: 'aborted', complete: false });
      await reader.cancel().catch(() => undefined);
      await onlyCall(tracker);
    });

    test('a response for the browser is made from it', async () => {
      const { model, tracker } = await setUp(major);
      const response = ai.streamText({ model, prompt: 'Hi' }).toTextStreamResponse();
      expect(await response.text()).toBe('one two');
      expect((await onlyCall(tracker)).complete).toBe(true);
    });

    test('a browser that goes away stops nothing: the SDK reads on, and the call is whole', async () => {
      const { model, tracker } = await setUp(major, { ...plain, chunkDelayMs: 10 });
      const response = ai.streamText({ model, prompt: 'Hi' }).toTextStreamResponse();
      const reader = response.body?.getReader();
      await reader?.read();
      await reader?.cancel();
      await vi.waitFor(async () =>
        expect(await onlyCall(tracker)).toMatchObject({ status: 'ok', complete: true, usage: plainUsage }),
      );
    });
  });

  test('conformance 9: retries of the SDK are calls, and one in a run that says so', async () => {
    const { model, tracker } = await setUp(major, ({ index }) =>
      index % 2 === 0 ? { failure: { status: 429, headers: { 'retry-after-ms': '1' } } } : plain,
    );
    await ai.generateText({ model, prompt: 'Hi' });
    expect((await tracker.calls()).map(({ status, final }) => [status, final])).toEqual([
      ['error', true],
      ['ok', true],
    ]);
    await tracker.run({ asOneCall: true }, () => ai.generateText({ model, prompt: 'Hi' }));
    const joined = (await tracker.calls()).slice(2).sort((a, b) => a.attempt - b.attempt);
    expect(joined.map(({ attempt, final, httpStatus }) => [attempt, final, httpStatus])).toEqual([
      [1, false, 429],
      [2, true, undefined],
    ]);
    expect(new Set(joined.map(({ callId }) => callId)).size).toBe(1);
  });

  test('conformance 9: a connection that breaks in the middle of a stream is an error or incomplete', async () => {
    const { model, tracker } = await setUp(major, {
      ...plain,
      interrupt: { afterEvents: 2, then: 'disconnect' },
    });
    await collect((await model.doStream(asked('Hi'))).stream).catch(() => undefined);
    const call = await onlyCall(tracker);
    expect(call.complete).toBe(false);
    expect(call.usage).toBeUndefined();
  });

  test('conformance 10: an answer that was cut without a reason or usage is incomplete', async () => {
    const { model, tracker } = await setUp(major);
    const { finishReason } = await model.doGenerate(asked('Hi'));
    const nested = typeof finishReason === 'object';
    const cut = wrapAIModel(
      {
        ...fieldsOf(model),
        doStream: async (_: object) => ({
          stream: ReadableStream.from([
            { type: 'text-delta', id: '1', delta: 'x' },
            { type: 'finish', usage: {}, finishReason: nested ? { unified: 'other' } : 'unknown' },
          ]),
        }),
      },
      tracker,
    );
    await collect((await cut.doStream(asked('Hi'))).stream);
    expect((await tracker.calls()).at(-1)).toMatchObject({
      complete: false,
      errorClass: 'usage_absent',
      estimate: { usage: { output: 1 } },
    });
  });

  test('conformance 11: a call that is seen closer to the wire counts there', async () => {
    const provider = await startFakeOpenAI({ reply: () => plain });
    const tracker = createTestTracker();
    const openai = createOpenAI({
      apiKey: 'test',
      baseURL: provider.baseURL,
      fetch: async (...request: Parameters<typeof fetch>) => {
        const inner = tracker.recorder.start({ provider: 'inner', operation: 'chat', requestModel: 'm' });
        const response = await fetch(...request);
        inner.end({ status: 'ok', complete: true });
        return response;
      },
    });
    const model = wrapAIModel(openai.chat('gpt-4o-mini'), tracker);
    await ai.generateText({ model, prompt: 'Hi' });
    expect(await ai.streamText({ model, prompt: 'Hi' }).text).toBe('one two');
    expect((await tracker.calls()).map((call) => call.provider)).toEqual(['inner', 'inner']);
    expect(tracker.stats().unfinished).toBe(0);
    await provider.close();
  });

  test('conformance 11: over a tracked fetch, each answer counts once and in full', async () => {
    const provider = await startFakeOpenAI({ reply: ({ index }) => ({ ...plain, id: `answer_${index}` }) });
    const tracker = createTestTracker();
    const { baseURL } = provider;
    const openai = createOpenAI({
      apiKey: 'test',
      baseURL,
      fetch: trackedFetch(tracker, { provider: 'wire' }),
    });
    const model = wrapAIModel(openai.chat('gpt-4o-mini'), tracker);
    await ai.generateText({ model, prompt: 'Hi' });
    await ai.streamText({ model, prompt: 'Hi' }).consumeStream();
    const calls = await tracker.calls();
    expect(calls.map((call) => [call.provider, call.responseId, call.usage])).toEqual([
      ['wire', 'answer_0', plainUsage],
      ['wire', 'answer_1', plainUsage],
    ]);
    expect(tracker.stats().unfinished).toBe(0);
    await provider.close();
  });

  test('conformance 13: a queue loses the run, an explicit model keeps it', async () => {
    const { model, tracker } = await setUp(major);
    const jobs: (() => Promise<unknown>)[] = [];
    tracker.run({ customerId: 'cus_1' }, (context) => {
      const bound = context.wrap(model);
      jobs.push(() => ai.generateText({ model, prompt: 'Hi' }));
      jobs.push(() => ai.generateText({ model: bound, prompt: 'Hi' }));
    });
    for (const job of jobs) await job();
    expect((await tracker.calls()).map((call) => call.customerId)).toEqual([undefined, 'cus_1']);
  });

  test('conformance 14: no text, file, header, tool or error leaves', async () => {
    const { model, tracker } = await setUp(major, ({ index }) =>
      index === 1
        ? { failure: { status: 400, message: 'canary', code: 'canary' } }
        : { ...plain, text: 'canary' },
    );
    const options = {
      model,
      maxRetries: 0,
      system: 'canary',
      headers: { 'x-secret': 'canary' },
      messages: [
        {
          role: 'user' as const,
          content: [
            { type: 'text' as const, text: 'canary' },
            {
              type: 'file' as const,
              data: 'data:application/pdf;base64,Y2FuYXJ5',
              mediaType: 'application/pdf',
            },
          ],
        },
      ],
    };
    await ai.generateText(options).catch(() => undefined);
    await ai.generateText(options).catch(() => undefined);
    await ai.streamText({ ...options, onError: () => undefined }).consumeStream();
    expect((await tracker.calls()).length).toBeGreaterThan(0);
    expect(JSON.stringify(tracker.requests())).not.toMatch(/canary|Y2FuYXJ5/);
  });
});

/** A model's own fields, without its methods. */
function fieldsOf({ specificationVersion, provider, modelId }: Readonly<Record<string, unknown>>) {
  return { specificationVersion, provider, modelId };
}

test('conformance 11: a wrapped model under another wrapped model is one call', async () => {
  const { model, tracker } = await setUp(newest);
  const fallback = wrapAIModel({ ...fieldsOf(model), doGenerate: model.doGenerate.bind(model) }, tracker);
  await fallback.doGenerate(asked('Hi'));
  expect((await onlyCall(tracker)).usage).toEqual(plainUsage);
});

test('conformance 6: a model of the AI SDK 4 passes as it is, and its calls have no usage rather than a wrong one', async () => {
  const tracker = createTestTracker();
  // Shapes of LanguageModelV1: https://v4.ai-sdk.dev/providers/community-providers/custom-providers
  const answer = { text: 'Hi', finishReason: 'stop', usage: { promptTokens: 20, completionTokens: NaN } };
  const parts = [
    { type: 'text-delta', textDelta: 'Hi' },
    { type: 'finish', finishReason: 'stop', usage: { promptTokens: 20, completionTokens: 7 } },
  ];
  const model = wrapAIModel(
    {
      specificationVersion: 'v1',
      provider: 'openai.chat',
      modelId: 'gpt-4o-mini',
      doGenerate: async (_: object) => answer,
      doStream: async (_: object) => ({ stream: ReadableStream.from(parts) }),
    },
    tracker,
  );
  expect(await model.doGenerate(asked('Hi'))).toBe(answer);
  expect(await collect((await model.doStream(asked('Hi'))).stream)).toEqual(parts);
  const calls = await tracker.calls();
  expect(calls.map(({ provider, requestModel, usage }) => [provider, requestModel, usage])).toEqual([
    ['openai', 'gpt-4o-mini', undefined],
    ['openai', 'gpt-4o-mini', undefined],
  ]);
  await tracker.shutdown();
});

test('conformance 7: a gateway tells who served the call and what it cost', async () => {
  const tracker = createTestTracker();
  const usage = { inputTokens: { total: 3 }, outputTokens: { total: 1 } };
  const answer = (providerMetadata: object) => ({
    content: [],
    finishReason: { unified: 'stop' },
    usage,
    providerMetadata,
  });
  const model = (provider: string, modelId: string, metadata: object) =>
    wrapAIModel({ provider, modelId, doGenerate: async (_: object) => answer(metadata) }, tracker);
  await model('gateway', 'anthropic/claude-sonnet-4.5', {
    gateway: { routing: { finalProvider: 'bedrock' }, cost: '0.0000123' },
  }).doGenerate(asked('Hi'));
  await model('openrouter', 'openai/gpt-5', { openrouter: { usage: { cost: 0.5 } } }).doGenerate(asked('Hi'));
  expect(
    (await tracker.calls()).map((call) => [call.provider, call.requestModel, call.statedCost?.amount]),
  ).toEqual([
    ['aws', 'claude-sonnet-4.5', '0.000012300000'],
    ['openrouter', 'openai/gpt-5', '0.500000000000'],
  ]);
});
