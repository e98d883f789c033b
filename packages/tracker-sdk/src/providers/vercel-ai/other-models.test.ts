import { describe, expect, test } from 'vitest';
import { sdkMajors } from './__fixtures__/sdk-majors.ts';
import { onlyCall, setUp } from './__fixtures__/set-up.ts';
import { tallykitMiddleware } from './tallykit-middleware.ts';
import { wrapAIModel } from './wrap-ai-model.ts';

describe.each(sdkMajors)('embedding and image models on $name', (major) => {
  const { ai, createOpenAI } = major;

  async function provide(reply: Parameters<typeof setUp>[1]) {
    const { provider, tracker } = await setUp(major, reply);
    return { tracker, openai: createOpenAI({ apiKey: 'test', baseURL: provider.baseURL }) };
  }

  test('counts what an embedding read, and each request of many embeddings', async () => {
    const { tracker, openai } = await provide({ usage: { input: 6, output: 0 } });
    // The method's name differs between the majors; this one is in all of them.
    const model = wrapAIModel(openai.textEmbeddingModel('text-embedding-3-small'), tracker);
    await ai.embed({ model, value: 'Hi' });
    const { usage } = await ai.embedMany({ model, values: ['one', 'two'] });
    expect(usage.tokens).toBe(6);
    const calls = await tracker.calls();
    expect(calls.map((call) => [call.operation, call.usage, call.requestModel, call.provider])).toEqual(
      Array.from({ length: 2 }, () => ['embeddings', { input: 6 }, 'text-embedding-3-small', 'openai']),
    );
  });

  test('an embedding without usage is recorded without', async () => {
    const { tracker, openai } = await provide({});
    await ai.embed({ model: wrapAIModel(openai.textEmbeddingModel('m'), tracker), value: 'Hi' });
    expect((await onlyCall(tracker)).usage).toBeUndefined();
  });

  test('what an image model is asked for is a call, its output counted as images', async () => {
    const { tracker, openai } = await provide({
      // The shape of https://platform.openai.com/docs/api-reference/images/object.
      wireUsage: {
        input_tokens: 50,
        input_tokens_details: { text_tokens: 11, image_tokens: 39 },
        output_tokens: 90,
        total_tokens: 140,
      },
    });
    const model = wrapAIModel(openai.image('gpt-image-1'), tracker);
    const { experimental_generateImage: generateImage = ai.generateImage } = ai as {
      readonly experimental_generateImage?: typeof ai.generateImage;
    };
    const { images } = await generateImage({ model, prompt: 'A canary' });
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ operation: 'images', provider: 'openai', status: 'ok' });
    // Major 5 hands on what was read and not what was drawn.
    const told = { input: 11, inputImage: 39, outputImage: 90 };
    expect(call.usage).toEqual({ ...(major.name !== 'ai 5' && told), imagesGenerated: images.length });
    expect(JSON.stringify(tracker.requests())).not.toContain('canary');
  });

  test('an error of an embedding is recorded and let through', async () => {
    const { tracker, openai } = await provide({ failure: { status: 401 } });
    const model = wrapAIModel(openai.textEmbeddingModel('m'), tracker);
    await expect(ai.embed({ model, value: 'Hi', maxRetries: 0 })).rejects.toThrow(/401/);
    expect(await onlyCall(tracker)).toMatchObject({
      status: 'error',
      httpStatus: 401,
      errorClass: 'http_401',
    });
  });
});

test.each(sdkMajors.filter(({ name }) => name !== 'ai 5'))(
  'counts an embedding through the middleware, which $name has for them',
  async (major) => {
    const { provider, tracker } = await setUp(major, { usage: { input: 6, output: 0 } });
    const openai = major.createOpenAI({ apiKey: 'test', baseURL: provider.baseURL });
    const model = major.ai.wrapEmbeddingModel({
      model: openai.textEmbeddingModel('text-embedding-3-small'),
      middleware: tallykitMiddleware(tracker),
    });
    await major.ai.embed({ model, value: 'Hi' });
    expect((await onlyCall(tracker)).usage).toEqual({ input: 6 });
  },
);

test('speech and transcription are not covered, and say so', async () => {
  const [, , newest] = sdkMajors;
  if (!newest) throw new Error('no SDK');
  const { provider, tracker } = await setUp(newest);
  const openai = newest.createOpenAI({ apiKey: 'test', baseURL: provider.baseURL });
  const model = wrapAIModel(openai.transcription('whisper-1'), tracker);
  await newest.ai
    .experimental_transcribe({ model, audio: new Uint8Array(8), maxRetries: 0 })
    .catch(() => undefined);
  expect(tracker.stats()).toMatchObject({ lost: { unsupported_sdk: 1 }, recorded: 0, unfinished: 0 });
});
