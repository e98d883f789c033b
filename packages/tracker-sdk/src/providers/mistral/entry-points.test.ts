import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { collect } from '../../testing/collect.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';
import { onlyCall, setUp } from './__fixtures__/set-up.ts';
import { model, wireAnswer, wireChunks } from './__fixtures__/wire-answers.ts';

const usage = { input: 16, cacheRead: 4, output: 7 };
const messages = [{ role: 'user' as const, content: 'Hi' }];

describe.each(sdkVersions)('entry points of $name', ({ Mistral }) => {
  test('embeddings', async () => {
    const body = {
      id: 'emb-1',
      object: 'list',
      model: 'mistral-embed',
      data: [{ object: 'embedding', index: 0, embedding: [0.5] }],
      usage: { prompt_tokens: 8, completion_tokens: 0, total_tokens: 8 },
    };
    const { client, tracker } = await setUp({ answers: [body] }, {}, Mistral);
    await client.embeddings.create({ model: 'mistral-embed', inputs: ['Hi'] });
    expect(await onlyCall(tracker)).toMatchObject({
      provider: 'mistral',
      operation: 'embeddings',
      responseId: 'emb-1',
      usage: { input: 8, output: 0 },
    });
  });

  test('transcriptions, whole and streamed, count the seconds that are billed', async () => {
    const told = { prompt_audio_seconds: 203, prompt_tokens: 4, total_tokens: 3264, completion_tokens: 635 };
    const done = { model: 'voxtral-mini-2602', text: 'canary', language: 'en', segments: [], usage: told };
    const { client, tracker } = await setUp(
      ({ streamed }) => ({
        answers: streamed
          ? [
              { type: 'transcription.text.delta', text: 'canary' },
              { ...done, type: 'transcription.done' },
            ]
          : [done],
      }),
      {},
      Mistral,
    );
    const request = { model: 'voxtral-mini-2602', fileUrl: 'https://example.com/canary.mp3' };
    await client.audio.transcriptions.complete(request);
    await collect(await client.audio.transcriptions.stream(request));
    const calls = await tracker.calls();
    expect(calls.map((call) => [call.operation, call.status, call.complete, call.usage])).toEqual([
      ['transcription', 'ok', true, { seconds: 203 }],
      ['transcription', 'ok', true, { seconds: 203 }],
    ]);
    expect(calls[0]?.rawUsage).toMatchObject({ totalTokens: 3264 });
    expect(JSON.stringify(tracker.requests())).not.toContain('canary');
  });

  test('documents keep the number of their pages, for which there is no bucket', async () => {
    const body = {
      pages: [],
      model: 'mistral-ocr-2505',
      usage_info: { pages_processed: 3, doc_size_bytes: 9 },
    };
    const { client, tracker } = await setUp({ answers: [body] }, {}, Mistral);
    await client.ocr.process({
      model: 'mistral-ocr-2505',
      document: { type: 'document_url', documentUrl: 'https://example.com/a.pdf' },
    });
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ operation: 'ocr', rawUsage: { pagesProcessed: 3 } });
    expect(call.usage).toBeUndefined();
  });

  test('conversations count tokens and searches, whole and streamed, without a response id', async () => {
    const told = {
      prompt_tokens: 100,
      completion_tokens: 20,
      total_tokens: 420,
      connector_tokens: 300,
      connectors: { web_search: 2 },
    };
    const entry = { id: 'msg_1', type: 'message.output', role: 'assistant', model, content: 'canary' };
    const { client, tracker } = await setUp(
      ({ streamed }) => ({
        answers: streamed
          ? [
              { type: 'conversation.response.started', conversation_id: 'conv_1' },
              { type: 'message.output.delta', id: 'msg_1', model, content: 'canary', role: 'assistant' },
              { type: 'conversation.response.done', usage: told },
            ]
          : [{ object: 'conversation.response', conversation_id: 'conv_1', outputs: [entry], usage: told }],
      }),
      {},
      Mistral,
    );
    const request = { model, inputs: 'Hi' };
    await client.beta.conversations.start(request);
    await collect(await client.beta.conversations.startStream(request));
    const calls = await tracker.calls();
    for (const call of calls) {
      expect(call).toMatchObject({ operation: 'conversation', responseModel: model, complete: true });
      expect(call.usage).toEqual({ input: 400, output: 20, webSearches: 2 });
      expect(call.responseId).toBeUndefined();
    }
    expect(calls).toHaveLength(2);
    expect(JSON.stringify(tracker.requests())).not.toContain('canary');
  });

  test('an error event of a conversation is the end of its call', async () => {
    const { client, tracker } = await setUp(
      {
        answers: [
          { type: 'conversation.response.started', conversation_id: 'conv_1' },
          { type: 'conversation.response.error', message: 'canary', code: 500 },
        ],
      },
      {},
      Mistral,
    );
    await collect(await client.beta.conversations.startStream({ model, inputs: 'Hi' }));
    expect(await onlyCall(tracker)).toMatchObject({ status: 'error', errorClass: 'server_error' });
    expect(JSON.stringify(tracker.requests())).not.toContain('canary');
  });

  test('parse is one call and still parses, parseStream is one call', async () => {
    const { client, tracker } = await setUp(
      ({ streamed }) => ({
        answers: streamed ? wireChunks(['{"sum":', '3}'], usage) : [wireAnswer('{"sum":3}', usage)],
      }),
      {},
      Mistral,
    );
    const responseFormat = z.object({ sum: z.number() }) as never;
    const parsed = await client.chat.parse({ model, messages, responseFormat });
    expect(parsed.choices?.[0]?.message?.parsed).toEqual({ sum: 3 });
    await collect(await client.chat.parseStream({ model, messages, responseFormat }));
    expect((await tracker.calls()).map((call) => call.usage)).toEqual([usage, usage]);
  });

  test('a tier that the service tells is kept', async () => {
    const told = { prompt_tokens: 5, completion_tokens: 1, total_tokens: 6, service_tier: 'priority' };
    const { client, tracker } = await setUp(
      { answers: [wireAnswer('x', usage, { usage: told })] },
      {},
      Mistral,
    );
    await client.chat.complete({ model, messages });
    expect((await onlyCall(tracker)).serviceTier).toBe('priority');
  });
});
