import { describe, expect, test } from 'vitest';
import { collect } from '../../testing/collect.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';
import { onlyCall, setUp } from './__fixtures__/set-up.ts';

// The example of the API reference, images/create: 50 tokens of text and picture in, the picture out.
const drawn = {
  total_tokens: 100,
  input_tokens: 50,
  output_tokens: 50,
  input_tokens_details: { text_tokens: 10, image_tokens: 40 },
};
// The example of the API reference, audio/createTranscription, for models that are billed by the token.
const heard = {
  type: 'tokens',
  input_tokens: 14,
  input_token_details: { text_tokens: 0, audio_tokens: 14 },
  output_tokens: 45,
  total_tokens: 59,
};
const sound = (): File => new File(['RIFF'], 'canary-sound.wav', { type: 'audio/wav' });
const prompt = 'canary: a lighthouse';

describe.each(sdkVersions)('pictures on $name', ({ OpenAI }) => {
  test('are counted, with tokens of text and pictures apart', async () => {
    const { client, tracker } = await setUp(OpenAI, { wireUsage: drawn, images: 2 });
    const answer = await client.images.generate({ model: 'gpt-image-1', prompt, n: 2 });
    expect(answer.data).toHaveLength(2);
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ operation: 'images', requestModel: 'gpt-image-1', complete: true });
    expect(call.usage).toEqual({ input: 10, inputImage: 40, outputImage: 50, imagesGenerated: 2 });
    expect(call.rawUsage).toMatchObject({ 'input.text_tokens': 10, 'input.image_tokens': 40 });
    expect(JSON.stringify(tracker.requests())).not.toMatch(/canary|iVBOR/);
  });

  test('with text drawn beside them keep that text apart', async () => {
    const output_tokens_details = { text_tokens: 20, image_tokens: 30 };
    const { client, tracker } = await setUp(OpenAI, { wireUsage: { ...drawn, output_tokens_details } });
    await client.images.edit({ model: 'gpt-image-1.5', prompt, image: sound() });
    const { usage } = await onlyCall(tracker);
    expect(usage).toEqual({ input: 10, inputImage: 40, output: 20, outputImage: 30, imagesGenerated: 1 });
  });

  test('of a model that reports no tokens are counted by their number alone', async () => {
    const { client, tracker } = await setUp(OpenAI, { images: 3 });
    await client.images.generate({ model: 'dall-e-3', prompt });
    const call = await onlyCall(tracker);
    expect(call.usage).toEqual({ imagesGenerated: 3 });
    expect(call.rawUsage).toBeUndefined();
  });

  test('that come in parts are counted once, with the usage of the whole', async () => {
    const { client, tracker } = await setUp(OpenAI, { wireUsage: drawn });
    const stream = await client.images.generate({ model: 'gpt-image-1', prompt, stream: true });
    const events = await collect(stream);
    expect(events.map(({ type }) => type.split('.')[1])).toEqual([
      'partial_image',
      'partial_image',
      'completed',
    ]);
    const call = await onlyCall(tracker);
    expect(call.usage).toEqual({ input: 10, inputImage: 40, outputImage: 50, imagesGenerated: 1 });
    expect(call).toMatchObject({ status: 'ok', complete: true });
    expect(call.firstChunkMs).toBeGreaterThanOrEqual(0);
    expect(JSON.stringify(tracker.requests())).not.toMatch(/canary|iVBOR/);
  });

  test('that the host leaves are an aborted call without usage, and nothing is estimated from their bytes', async () => {
    const { client, tracker } = await setUp(OpenAI, { wireUsage: drawn, chunkDelayMs: 5 });
    const stream = await client.images.edit({
      model: 'gpt-image-1',
      prompt,
      image: sound(),
      stream: true,
      partial_images: 2,
    });
    for await (const event of stream) if (event) break;
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ status: 'aborted', complete: false, operation: 'images' });
    expect(call.usage).toBeUndefined();
    expect(call.estimate).toBeUndefined();
  });
});

describe.each(sdkVersions)('sound on $name', ({ OpenAI }) => {
  test('transcribed by the token is counted as sound and text', async () => {
    const { client, tracker } = await setUp(OpenAI, { text: 'canary words', wireUsage: heard });
    const answer = await client.audio.transcriptions.create({ model: 'gpt-4o-transcribe', file: sound() });
    expect(answer.text).toBe('canary words');
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ operation: 'transcription', requestModel: 'gpt-4o-transcribe' });
    expect(call.usage).toEqual({ input: 0, inputAudio: 14, output: 45 });
    expect(JSON.stringify(tracker.requests())).not.toMatch(/canary/);
  });

  test('transcribed by the second is counted in seconds', async () => {
    const { client, tracker } = await setUp(OpenAI, { wireUsage: { type: 'duration', seconds: 9 } });
    await client.audio.transcriptions.create({ model: 'whisper-1', file: sound() });
    expect((await onlyCall(tracker)).usage).toEqual({ seconds: 9 });
  });

  test('without usage is counted by the duration of a verbose answer', async () => {
    const { client, tracker } = await setUp(OpenAI, { soundSeconds: 8.47 });
    const body = { model: 'whisper-1', file: sound(), response_format: 'verbose_json' as const };
    await client.audio.translations.create(body);
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ operation: 'translation', usage: { seconds: 8 } });
  });

  test('transcribed into bare text has no usage', async () => {
    const { client, tracker } = await setUp(OpenAI, { text: 'canary' });
    const text = await client.audio.transcriptions.create({
      model: 'whisper-1',
      file: sound(),
      response_format: 'text',
    });
    expect(text).toBe('canary');
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ status: 'ok', complete: true });
    expect(call.usage).toBeUndefined();
  });

  test('transcribed as a stream is counted at its end', async () => {
    const { client, tracker } = await setUp(OpenAI, { chunks: ['one ', 'two'], wireUsage: heard });
    const stream = await client.audio.transcriptions.create({
      model: 'gpt-4o-transcribe',
      file: sound(),
      stream: true,
    });
    expect((await collect(stream)).map(({ type }) => type)).toEqual([
      'transcript.text.delta',
      'transcript.text.delta',
      'transcript.text.done',
    ]);
    const call = await onlyCall(tracker);
    expect(call.usage).toEqual({ input: 0, inputAudio: 14, output: 45 });
    expect(call).toMatchObject({ status: 'ok', complete: true });
  });

  test('that is spoken is counted by its characters, and its bytes are left alone', async () => {
    const { client, tracker } = await setUp(OpenAI, { text: 'canary sound' });
    const input = 'Grüß dich 👋';
    const response = await client.audio.speech.create({ model: 'tts-1', voice: 'ash', input });
    expect(response.bodyUsed).toBe(false);
    expect(Buffer.from(await response.arrayBuffer()).toString()).toBe('canary sound');
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ operation: 'speech', requestModel: 'tts-1', usage: { characters: 11 } });
    expect(JSON.stringify(tracker.requests())).not.toMatch(/canary|dich/);
  });

  test('that is refused has no characters', async () => {
    const { client, tracker } = await setUp(OpenAI, { failure: { status: 400 } });
    const body = { model: 'tts-1', voice: 'ash', input: 'Hi' };
    await expect(client.audio.speech.create(body)).rejects.toThrow('400');
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ status: 'error', httpStatus: 400 });
    expect(call.usage).toBeUndefined();
  });
});
