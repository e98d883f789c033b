import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { EmbeddingModelMiddleware as Embedding7, LanguageModelMiddleware as Middleware7 } from 'ai';
import type { LanguageModelMiddleware as Middleware5 } from 'ai-5';
import type { EmbeddingModelMiddleware as Embedding6, LanguageModelMiddleware as Middleware6 } from 'ai-6';
import { describe, expect, test } from 'vitest';
import { collect } from '../../testing/collect.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { asked } from './__fixtures__/open-driver.ts';
import { sdkMajors } from './__fixtures__/sdk-majors.ts';
import { onlyCall, plainUsage, setUp } from './__fixtures__/set-up.ts';
import { tallykitMiddleware } from './tallykit-middleware.ts';
import { wrapAIModel } from './wrap-ai-model.ts';

describe.each(sdkMajors)('middleware on $name', (major) => {
  const { ai, createOpenAI } = major;

  async function bare() {
    const { provider } = await setUp(major);
    const model = createOpenAI({ apiKey: 'test', baseURL: provider.baseURL }).chat('gpt-4o-mini');
    return { model, tracker: createTestTracker() };
  }

  test('counts calls and streams of a wrapped language model', async () => {
    const { model, tracker } = await bare();
    const wrapped = ai.wrapLanguageModel({ model, middleware: tallykitMiddleware(tracker) });
    expect((await ai.generateText({ model: wrapped, prompt: 'Hi' })).text).toBe('one two');
    expect(await ai.streamText({ model: wrapped, prompt: 'Hi' }).text).toBe('one two');
    const calls = await tracker.calls();
    expect(calls.map(({ usage, provider, requestModel }) => [usage, provider, requestModel])).toEqual([
      [plainUsage, 'openai', 'gpt-4o-mini'],
      [plainUsage, 'openai', 'gpt-4o-mini'],
    ]);
  });

  test('counts once when it is given twice, beside a wrapped model, and under other middlewares', async () => {
    const { model, tracker } = await bare();
    const wrapped = ai.wrapLanguageModel({
      model: wrapAIModel(model, tracker),
      middleware: [
        tallykitMiddleware(tracker),
        ai.defaultSettingsMiddleware({ settings: { temperature: 0.5 } }),
        tallykitMiddleware(tracker),
      ],
    });
    await ai.generateText({ model: wrapped, prompt: 'Hi' });
    await ai.streamText({ model: wrapped, prompt: 'Hi' }).consumeStream();
    expect((await tracker.calls()).map(({ usage }) => usage)).toEqual([plainUsage, plainUsage]);
    expect(tracker.stats().unfinished).toBe(0);
  });

  test('belongs to the run whose context made it', async () => {
    const { model } = await bare();
    const tracker = createTestTracker({ asyncLocalStorage: null });
    await tracker.run({ customerId: 'explicit' }, async (context) => {
      const middleware = tallykitMiddleware(context);
      await ai.generateText({ model: ai.wrapLanguageModel({ model, middleware }), prompt: 'Hi' });
    });
    expect((await onlyCall(tracker)).customerId).toBe('explicit');
  });

  test('gives what the model gives', async () => {
    const { model, tracker } = await bare();
    const wrapped = ai.wrapLanguageModel({ model, middleware: tallykitMiddleware(tracker) });
    const plainly = ai.wrapLanguageModel({ model, middleware: {} as ReturnType<typeof tallykitMiddleware> });
    const withoutIds = (value: unknown) =>
      JSON.stringify(value).replace(/(chatcmpl|req)_\d+|GMT|\d\d:\d\d:\d\d/g, '');
    const [one, other] = [await plainly.doGenerate(asked('Hi')), await wrapped.doGenerate(asked('Hi'))];
    expect(Object.keys(other)).toEqual(Object.keys(one));
    expect(withoutIds(other)).toBe(withoutIds(one));
    const [first, second] = [await plainly.doStream(asked('Hi')), await wrapped.doStream(asked('Hi'))];
    expect(Object.keys(second)).toEqual(Object.keys(first));
    expect(Object.getPrototypeOf(second.stream)).toBe(Object.getPrototypeOf(first.stream));
    const parts = async (stream: ReadableStream<LanguageModelV4StreamPart>) =>
      withoutIds(await collect(stream));
    expect(await parts(second.stream)).toBe(await parts(first.stream));
  });
});

test('the types of every major take the middleware', async () => {
  const tracker = createTestTracker();
  const five: Middleware5 = tallykitMiddleware(tracker);
  const six: Middleware6 = tallykitMiddleware(tracker);
  const embedding6: Embedding6 = tallykitMiddleware(tracker);
  const seven: Middleware7[] = [tallykitMiddleware(tracker)];
  const embedding7: Embedding7 = tallykitMiddleware(tracker);
  expect([five, six, embedding6, ...seven, embedding7]).toHaveLength(5);
});

test('a model that is no class, has private fields or cannot be changed is watched as well', async () => {
  class Secretive {
    readonly #id = 'secretive';
    readonly specificationVersion = 'v4';
    readonly supportedUrls = {};
    get provider() {
      return this.#id;
    }
    get modelId() {
      return this.#id;
    }
    async doGenerate() {
      return { ...answer, response: { id: this.#id } };
    }
    async doStream(): Promise<never> {
      throw new Error('not streamed');
    }
  }
  const answer = {
    content: [],
    finishReason: { unified: 'stop' as const, raw: undefined },
    usage: { inputTokens: { total: 3 }, outputTokens: { total: 1 } },
    warnings: [],
  };
  const tracker = createTestTracker();
  const secretive = wrapAIModel(new Secretive(), tracker);
  const frozen = wrapAIModel(Object.freeze(new Secretive()), tracker);
  await tracker.run({ customerId: 'cus_1' }, async (context) => {
    for (const model of [secretive, frozen, context.wrap(secretive), context.wrap(frozen)]) {
      expect(model).toBeInstanceOf(Secretive);
      expect(model.provider).toBe('secretive');
      expect(await (model as unknown as LanguageModelV4).doGenerate(asked('Hi'))).toEqual({
        ...answer,
        response: { id: 'secretive' },
      });
    }
  });
  const calls = await tracker.calls();
  expect(calls.map(({ responseId, usage }) => [responseId, usage])).toEqual(
    Array.from({ length: 4 }, () => ['secretive', { input: 3, output: 1 }]),
  );
});

test('what is no model is returned untouched and counted', () => {
  const tracker = createTestTracker();
  const stand = { doNothing: () => 'mine' };
  expect(wrapAIModel(stand, tracker)).toBe(stand);
  expect(wrapAIModel('openai/gpt-5' as unknown as object, tracker)).toBe('openai/gpt-5');
  expect(tracker.stats().lost).toEqual({ unsupported_sdk: 2 });
});
