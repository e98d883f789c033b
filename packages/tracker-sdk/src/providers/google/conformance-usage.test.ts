import type { CallableTool } from '@google/genai';
import { describe, expect, test } from 'vitest';
import { collect } from '../../testing/collect.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';
import { onlyCall, setUp } from './__fixtures__/set-up.ts';
import { model, wireAnswer, wireChunks, wireUsage } from './__fixtures__/wire-answers.ts';

const usage = { input: 16, cacheRead: 4, output: 7 };
const whole = { answers: [wireAnswer('one two', { usageMetadata: wireUsage(usage) }, 'STOP')] };
const streamed = { answers: wireChunks(['one ', 'two ', 'three'], usage, true) };
const asked = { model, contents: 'Hi' };

/** A tool that the SDK calls by itself. */
const callable: CallableTool = {
  tool: async () => ({ functionDeclarations: [{ name: 'add' }] }),
  callTool: async () => [{ functionResponse: { name: 'add', response: { sum: 3 } } }],
};
const functionCall = (more: object) => ({
  candidates: [
    {
      content: { role: 'model', parts: [{ functionCall: { name: 'add', args: { a: 1 } } }] },
      finishReason: 'STOP',
    },
  ],
  modelVersion: model,
  ...more,
});

describe('conformance 4: usage of Gemini', () => {
  test('thoughts, cached and tool tokens, sound and pictures are told apart, with the raw counts', async () => {
    const usageMetadata = {
      promptTokenCount: 120,
      cachedContentTokenCount: 40,
      candidatesTokenCount: 1300,
      thoughtsTokenCount: 64,
      toolUsePromptTokenCount: 30,
      totalTokenCount: 1514,
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 70 },
        { modality: 'AUDIO', tokenCount: 50 },
      ],
      candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 1290 }],
    };
    const { client, tracker } = await setUp({ answers: [wireAnswer('x', { usageMetadata }, 'STOP')] });
    await client.models.generateContent(asked);
    const call = await onlyCall(tracker);
    expect(call.usage).toEqual({
      input: 60,
      inputAudio: 50,
      cacheRead: 40,
      output: 10,
      outputImage: 1290,
      reasoning: 64,
    });
    expect(call.rawUsage).toMatchObject({ totalTokenCount: 1514, 'prompt.AUDIO': 50 });
    expect(call).toMatchObject({ provider: 'google', operation: 'generate_content', responseModel: model });
  });

  test('a stream whose total puts thoughts within the candidates counts them once', async () => {
    const report = {
      promptTokenCount: 10,
      candidatesTokenCount: 70,
      thoughtsTokenCount: 50,
      totalTokenCount: 80,
    };
    const { client, tracker } = await setUp({
      answers: [wireAnswer('a'), wireAnswer('b', { usageMetadata: report }, 'STOP')],
    });
    await collect(await client.models.generateContentStream(asked));
    expect((await onlyCall(tracker)).usage).toEqual({ input: 10, output: 20, reasoning: 50 });
  });

  test('web searches are counted once, though chunks repeat them', async () => {
    const grounded = (finishReason?: string) => {
      const [answer] = wireChunks(['x'], usage, true) as { candidates: object[] }[];
      const groundingMetadata = { webSearchQueries: ['canary one', 'canary two'] };
      return { ...answer, candidates: [{ ...answer?.candidates[0], groundingMetadata, finishReason }] };
    };
    const { client, tracker } = await setUp({ answers: [grounded(), grounded('STOP')] });
    await collect(await client.models.generateContentStream(asked));
    expect((await onlyCall(tracker)).usage).toEqual({ ...usage, webSearches: 2 });
    expect(JSON.stringify(tracker.requests())).not.toContain('canary');
  });

  test.each([
    ['ON_DEMAND', {}, 'on_demand'],
    ['ON_DEMAND_PRIORITY', {}, 'priority'],
    ['PROVISIONED_THROUGHPUT', {}, 'provisioned_throughput'],
    ['TRAFFIC_TYPE_UNSPECIFIED', {}, undefined],
    [undefined, { 'x-gemini-service-tier': 'flex' }, 'flex'],
    [undefined, {}, undefined],
  ])('a call served as %s with headers %j has the tier %s', async (trafficType, headers, tier) => {
    const usageMetadata = { ...wireUsage(usage), trafficType };
    const { client, tracker } = await setUp({
      headers,
      answers: [wireAnswer('x', { usageMetadata }, 'STOP')],
    });
    await client.models.generateContent(asked);
    expect((await onlyCall(tracker)).serviceTier).toBe(tier);
  });

  test('a prompt that was blocked is a whole answer with its usage', async () => {
    const blocked = {
      promptFeedback: { blockReason: 'SAFETY' },
      usageMetadata: { promptTokenCount: 9, totalTokenCount: 9 },
      modelVersion: model,
    };
    const { client, tracker } = await setUp({ answers: [blocked] });
    await client.models.generateContent(asked);
    await collect(await client.models.generateContentStream(asked));
    const calls = await tracker.calls();
    expect(calls.map(({ status, complete, usage: used }) => [status, complete, used])).toEqual([
      ['ok', true, { input: 9 }],
      ['ok', true, { input: 9 }],
    ]);
  });
});

describe('conformance 4: the other entry points', () => {
  test('embeddings count tokens where the API tells them, and nothing where it does not', async () => {
    const { client, tracker } = await setUp(({ index }) => ({
      answers: [
        { embeddings: [{ values: [1] }], ...(index ? {} : { usageMetadata: { promptTokenCount: 6 } }) },
      ],
    }));
    for (let turn = 0; turn < 2; turn++)
      await client.models.embedContent({ model: 'gemini-embedding-001', contents: ['a'] });
    const calls = await tracker.calls();
    expect(calls.map((call) => [call.operation, call.requestModel, call.usage])).toEqual([
      ['embeddings', 'gemini-embedding-001', { input: 6 }],
      ['embeddings', 'gemini-embedding-001', undefined],
    ]);
  });

  test('embeddings on Vertex AI count tokens and billed characters', async () => {
    const predictions = [3, 4].map((token_count) => ({
      embeddings: { values: [1], statistics: { token_count, truncated: false } },
    }));
    const { client, tracker } = await setUp(
      { answers: [{ predictions, metadata: { billableCharacterCount: 21 } }] },
      { vertexai: true },
    );
    await client.models.embedContent({ model: 'text-embedding-005', contents: ['a', 'b'] });
    expect((await onlyCall(tracker)).usage).toEqual({ input: 7, characters: 21 });
  });

  test('generated images are counted, filtered ones are not', async () => {
    const predictions = [
      { bytesBase64Encoded: 'AAAA', mimeType: 'image/png' },
      { raiFilteredReason: 'filtered' },
      { gcsUri: 'gs://bucket/picture.png' },
    ];
    const { client, tracker } = await setUp({ answers: [{ predictions }] }, { vertexai: true });
    await client.models.generateImages({ model: 'imagen-4.0-generate-001', prompt: 'A cat' });
    expect(await onlyCall(tracker)).toMatchObject({
      operation: 'images',
      requestModel: 'imagen-4.0-generate-001',
      usage: { imagesGenerated: 2 },
    });
  });

  test('a chat is one call a message, and keeps its history', async () => {
    const { client, tracker } = await setUp(({ method }) =>
      method === 'streamGenerateContent' ? streamed : whole,
    );
    const chat = client.chats.create({ model });
    await chat.sendMessage({ message: 'Hi' });
    await collect(await chat.sendMessageStream({ message: 'Again' }));
    expect((await tracker.calls()).map((call) => call.usage)).toEqual([usage, usage]);
    expect(chat.getHistory()).toHaveLength(6);
  });

  test('Vertex AI tells region and project, and the bare name of the model', async () => {
    const authClient = { getRequestHeaders: async () => new Headers({ authorization: 'Bearer canary' }) };
    const options = {
      vertexai: true,
      project: 'my-project',
      location: 'europe-west4',
      googleAuthOptions: { authClient: authClient as never },
    };
    const { client, tracker } = await setUp(whole, options);
    await client.models.generateContent({ model: `publishers/google/models/${model}`, contents: 'Hi' });
    await client.models.generateContent({
      model: `projects/other/locations/us-east5/publishers/google/models/${model}`,
      contents: 'Hi',
    });
    const calls = await tracker.calls();
    expect(calls.map(({ region, requestModel, provider }) => [provider, requestModel, region])).toEqual([
      ['google', model, 'europe-west4'],
      ['google', model, 'us-east5'],
    ]);
    expect(calls[0]?.providerIds).toEqual({ projectId: 'my-project' });
    expect(JSON.stringify(tracker.requests())).not.toContain('canary');
  });
});

describe('conformance 6: several requests in one call of the SDK', () => {
  test.each(sdkVersions)('each turn of automatic function calling is a call on $name', async (version) => {
    const first = { promptTokenCount: 5, candidatesTokenCount: 2, totalTokenCount: 7 };
    const { client, tracker } = await setUp(
      ({ index }) => (index % 2 ? whole : { answers: [functionCall({ usageMetadata: first })] }),
      {},
      version,
    );
    const request = { ...asked, config: { tools: [callable] } };
    await tracker.run({ flow: 'tools' }, async () => {
      const answer = await client.models.generateContent(request);
      expect(answer.text).toBe('one two');
      await collect(await client.models.generateContentStream({ ...request, contents: 'Hi' }));
    });
    const calls = await tracker.calls();
    expect(calls.map((call) => [call.flow, call.usage])).toEqual([
      ['tools', { input: 5, output: 2 }],
      ['tools', usage],
      ['tools', { input: 5, output: 2 }],
      ['tools', usage],
    ]);
    expect(new Set(calls.map((call) => call.callId)).size).toBe(4);
    expect(new Set(calls.map((call) => call.traceId)).size).toBe(1);
  });
});

describe('conformance 10: zero and nothing', () => {
  test('an answer of wrong types counts nothing and disturbs nothing', async () => {
    const odd = {
      candidates: [{ content: { parts: [null, { text: 7 }, 'x'] }, finishReason: 1, groundingMetadata: 5 }],
      usageMetadata: { promptTokenCount: '12', candidatesTokenCount: -1, promptTokensDetails: [null] },
      modelVersion: 'm'.repeat(5000),
      responseId: { id: 1 },
    };
    const { client, tracker } = await setUp({ answers: [odd, odd] });
    await client.models.generateContent(asked);
    expect(
      await collect(
        await client.models.generateContentStream({
          ...asked,
          config: { automaticFunctionCalling: { disable: true } },
        }),
      ),
    ).toHaveLength(2);
    const calls = await tracker.calls();
    expect(calls).toHaveLength(2);
    for (const call of calls) {
      expect(call.usage).toBeUndefined();
      expect(call.responseModel).toBeUndefined();
      expect(call.responseId).toBeUndefined();
    }
  });
});
