import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  CountTokensCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { describe, expect, test } from 'vitest';
import { collect } from '../../testing/collect.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import {
  chunkEvents,
  claudeModel,
  claudeReply,
  claudeStreamReply,
  converseReply,
  converseStreamReply,
  novaStreamReply,
} from './__fixtures__/bedrock-wire.ts';
import { onlyCall, present, setUp } from './__fixtures__/set-up.ts';
import { wrapBedrock } from './wrap-bedrock.ts';

const nova = 'us.amazon.nova-lite-v1:0';
const claude = `global.anthropic.${claudeModel}-v1:0`;
const wire = { inputTokens: 16, outputTokens: 7, totalTokens: 27, cacheReadInputTokens: 4 };
const usage = { input: 16, cacheRead: 4, output: 7 };
const claudeWire = { input_tokens: 16, output_tokens: 7, cache_read_input_tokens: 4 };
const asked = {
  modelId: nova,
  messages: [{ role: 'user' as const, content: [{ text: 'Hi there, how are you?' }] }],
};
const invoked = (modelId: string, body: unknown = { max_tokens: 50, messages: [] }) => ({
  modelId,
  body: JSON.stringify(body),
});
const converse = () => new ConverseCommand(asked);
const converseStream = () => new ConverseStreamCommand(asked);

describe('conformance 5: the shapes of Bedrock', () => {
  test('Converse, with all that it says', async () => {
    const { client, tracker } = await setUp(
      converseReply({ pieces: ['one'], usage: wire, serviceTier: { type: 'priority' } }),
    );
    await client.send(converse());
    expect(await onlyCall(tracker)).toMatchObject({
      provider: 'aws',
      operation: 'chat',
      requestModel: nova,
      responseId: 'request-0',
      providerIds: { requestId: 'request-0' },
      region: 'us-east-1',
      serviceTier: 'priority',
      usage,
    });
  });

  test('a call that was optimized for latency says so, because it has prices of its own', async () => {
    const performanceConfig = { latency: 'optimized' };
    const { client, tracker } = await setUp(
      converseReply({ pieces: ['one'], usage: wire, performanceConfig }),
    );
    await client.send(converse());
    expect((await onlyCall(tracker)).serviceTier).toBe('latency_optimized');
  });

  test('InvokeModel with Claude leaves the bytes and their methods to the host', async () => {
    const { client, bare, tracker } = await setUp(claudeReply({ pieces: ['one'], usage: claudeWire }));
    const command = () => new InvokeModelCommand(invoked(claude));
    const [seen, expected] = [await client.send(command()), await bare.send(command())];
    expect(seen.body.transformToString()).toBe(expected.body.transformToString());
    expect(Object.getPrototypeOf(seen.body)).toBe(Object.getPrototypeOf(expected.body));
    // The answer names the bare model; the longer name that was asked for decides about the price.
    expect(await onlyCall(tracker)).toMatchObject({
      responseId: 'msg_bdrk_01',
      responseModel: claude,
      usage,
    });
  });

  test('behind the ARN of a profile, the model that answered is told', async () => {
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123';
    const { client, provider, tracker } = await setUp(claudeReply({ pieces: ['one'], usage: claudeWire }));
    await client.send(new InvokeModelCommand(invoked(arn)));
    expect(provider.requests()[0]?.modelId).toBe(arn);
    expect(await onlyCall(tracker)).toMatchObject({ requestModel: arn, responseModel: claudeModel });
  });

  test('a stream of Claude counts its output at the end, not at its placeholder', async () => {
    const { client, tracker } = await setUp(claudeStreamReply({ pieces: ['one', 'two'], usage: claudeWire }));
    const { body } = await client.send(new InvokeModelWithResponseStreamCommand(invoked(claude)));
    await collect(present(body));
    expect(await onlyCall(tracker)).toMatchObject({
      status: 'ok',
      complete: true,
      usage,
      responseModel: claude,
    });
  });

  test('a stream of Nova tells all in its last event', async () => {
    const { client, tracker } = await setUp(novaStreamReply({ pieces: ['one', 'two'], usage: wire }));
    const { body } = await client.send(new InvokeModelWithResponseStreamCommand(invoked(nova)));
    await collect(present(body));
    expect(await onlyCall(tracker)).toMatchObject({ status: 'ok', complete: true, usage });
  });

  test("any other model is counted by Bedrock's own metrics", async () => {
    const metrics = { inputTokenCount: 11, outputTokenCount: 3, invocationLatency: 5, firstByteLatency: 2 };
    const reply = chunkEvents([
      { outputs: [{ text: 'one' }] },
      { outputs: [{ text: '' }], 'amazon-bedrock-invocationMetrics': metrics },
    ]);
    const { client, tracker } = await setUp(reply);
    const command = new InvokeModelWithResponseStreamCommand(
      invoked('mistral.mistral-large-3-675b-instruct'),
    );
    await collect(present((await client.send(command)).body));
    expect(await onlyCall(tracker)).toMatchObject({ complete: true, usage: { input: 11, output: 3 } });
  });

  test('headers stand in for a body that tells nothing', async () => {
    const headers = { 'x-amzn-bedrock-input-token-count': '9', 'x-amzn-bedrock-output-token-count': '2' };
    const { client, tracker } = await setUp({ body: { outputs: [{ text: 'x' }] }, headers });
    await client.send(new InvokeModelCommand(invoked('mistral.mistral-7b-instruct-v0:2')));
    expect((await onlyCall(tracker)).usage).toEqual({ input: 9, output: 2 });
  });

  test.each([
    ['amazon.titan-embed-text-v2:0', { embedding: [0.1], inputTextTokenCount: 6 }, {}],
    ['cohere.embed-english-v3', { embeddings: [[0.1]] }, { 'x-amzn-bedrock-input-token-count': '6' }],
  ])('embeddings of %s', async (modelId, body, headers) => {
    const { client, tracker } = await setUp({ body, headers });
    await client.send(new InvokeModelCommand(invoked(modelId, { inputText: 'x' })));
    expect(await onlyCall(tracker)).toMatchObject({ operation: 'embeddings', usage: { input: 6 } });
  });

  test('counting tokens is no call', async () => {
    const { client, tracker } = await setUp({ body: { inputTokens: 12 } });
    const answer = await client.send(new CountTokensCommand({ modelId: nova, input: { converse: asked } }));
    expect(answer.inputTokens).toBe(12);
    expect(await tracker.calls()).toHaveLength(0);
  });
});

describe('conformance 8: ways to take an answer and to leave a stream', () => {
  test('the methods of the aggregated client and callbacks are calls too', async () => {
    const { client, tracker } = await setUp(converseReply({ pieces: ['one'], usage: wire }));
    await client.converse(asked);
    const answered = await new Promise((resolve, reject) => {
      client.send(converse(), (error: unknown, data) => (error ? reject(error as Error) : resolve(data)));
    });
    expect(answered).toMatchObject({ stopReason: 'end_turn' });
    expect((await tracker.calls()).map((call) => call.usage)).toEqual([usage, usage]);
  });

  test('answers and streams are deep-equal to those without us', async () => {
    const { client, bare } = await setUp(({ operation }) =>
      operation === 'converse'
        ? converseReply({ pieces: ['one'], usage: wire })
        : converseStreamReply({ pieces: ['one'], usage: wire }),
    );
    const plain = (metadata: object) => ({ ...metadata, requestId: '' });
    const [seen, expected] = [await client.send(converse()), await bare.send(converse())];
    expect({ ...seen, $metadata: plain(seen.$metadata) }).toStrictEqual({
      ...expected,
      $metadata: plain(expected.$metadata),
    });
    const [one, other] = [await client.send(converseStream()), await bare.send(converseStream())];
    expect(Object.keys(one)).toEqual(Object.keys(other));
    expect(await collect(present(one.stream))).toStrictEqual(await collect(present(other.stream)));
  });

  test('a break leaves an estimate of what Amazon bills to its end', async () => {
    const { client, tracker } = await setUp({
      ...converseStreamReply({ pieces: ['12345678', 'more'], usage: wire }),
      chunkDelayMs: 3,
    });
    const { stream } = await client.send(converseStream());
    for await (const event of present(stream)) if (event.contentBlockDelta) break;
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ status: 'aborted', complete: false });
    expect(call.usage).toBeUndefined();
    expect(call.estimate).toEqual({ method: 'characters', usage: { input: expect.any(Number), output: 2 } });
  });

  test('a break in a stream of Claude keeps the input that was told, and estimates the output', async () => {
    const { client, tracker } = await setUp({
      ...claudeStreamReply({ pieces: ['12345678', 'more'], usage: claudeWire }),
      chunkDelayMs: 3,
    });
    const { body } = await client.send(new InvokeModelWithResponseStreamCommand(invoked(claude)));
    let items = 0;
    for await (const item of present(body)) if (item && ++items === 3) break;
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ status: 'aborted', complete: false, usage: { input: 16, cacheRead: 4 } });
    expect(call.estimate?.usage).toEqual({ output: 2 });
  });

  test('a break between the stop and the counts is told apart', async () => {
    const { client, tracker } = await setUp({
      ...converseStreamReply({ pieces: ['one'], usage: wire }),
      chunkDelayMs: 3,
    });
    const { stream } = await client.send(converseStream());
    for await (const event of present(stream)) if (event.messageStop) break;
    expect(await onlyCall(tracker)).toMatchObject({
      status: 'ok',
      complete: false,
      errorClass: 'closed_before_usage',
    });
  });
});

describe('conformance 9: errors', () => {
  test.each([
    ['modelStreamErrorException', 'server_error'],
    ['throttlingException', 'throttled'],
    ['validationException', 'invalid_request'],
    ['serviceUnavailableException', 'server_error'],
  ])('%s in the middle of a stream', async (then, errorClass) => {
    const { client, tracker } = await setUp({
      ...converseStreamReply({ pieces: ['one'], usage: wire }),
      interrupt: { afterEvents: 2, then },
    });
    const { stream } = await client.send(converseStream());
    await expect(collect(present(stream))).rejects.toThrow();
    expect(await onlyCall(tracker)).toMatchObject({ status: 'error', complete: false, errorClass });
    expect(JSON.stringify(tracker.requests())).not.toContain('canary');
  });

  test('a connection that is cut in the middle of a stream', async () => {
    const { client, tracker } = await setUp({
      ...converseStreamReply({ pieces: ['one'], usage: wire }),
      interrupt: { afterEvents: 2, then: 'disconnect' },
    });
    const { stream } = await client.send(converseStream());
    await collect(present(stream)).catch(() => undefined);
    expect(await onlyCall(tracker)).toMatchObject({ complete: false });
  });

  test('a failure that is not tried again is one attempt', async () => {
    const { client, tracker } = await setUp({ failure: { status: 400, type: 'ValidationException' } });
    await expect(client.send(converse())).rejects.toThrow();
    expect(await onlyCall(tracker)).toMatchObject({ attempt: 1, final: true, httpStatus: 400 });
  });

  test('a server that is unwell is tried again until the last attempt', async () => {
    const { client, tracker } = await setUp({
      failure: { status: 503, type: 'ServiceUnavailableException' },
    });
    await expect(client.send(converse())).rejects.toThrow();
    const calls = [...(await tracker.calls())].sort((a, b) => a.attempt - b.attempt);
    expect(calls.map(({ attempt, final, httpStatus }) => [attempt, final, httpStatus])).toEqual([
      [1, false, 503],
      [2, false, 503],
      [3, true, 503],
    ]);
  });
});

describe('conformance 10: zero and nothing', () => {
  test('a reported zero stays, and what was not reported is absent', async () => {
    const { client, tracker } = await setUp(({ index }) =>
      converseReply({ pieces: ['x'], usage: index ? undefined : { inputTokens: 5, outputTokens: 0 } }),
    );
    await client.send(converse());
    await client.send(converse());
    expect((await tracker.calls()).map((call) => call.usage)).toEqual([{ input: 5, output: 0 }, undefined]);
  });
});

describe('conformance 13: whose call it is', () => {
  test('a client that a context wrapped keeps its own, also where the SDK keeps its middleware', async () => {
    const { client, provider, tracker } = await setUp(converseReply({ pieces: ['x'], usage: wire }));
    const caching = wrapBedrock(
      new BedrockRuntimeClient({
        region: 'us-east-1',
        endpoint: provider.endpoint,
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        cacheMiddleware: true,
      }),
      tracker,
    );
    await tracker.run({ customerId: 'outer' }, async (context) => {
      for (const each of [client, caching]) {
        await tracker.run({ customerId: 'elsewhere' }, async () => {
          await each.send(converse());
          await context.wrap(each).send(converse());
          await each.send(converse());
        });
      }
    });
    caching.destroy();
    const customers = (await tracker.calls()).map(({ customerId }) => customerId);
    expect(customers).toEqual(['elsewhere', 'outer', 'elsewhere', 'elsewhere', 'outer', 'elsewhere']);
  });
});

describe('conformance 14: nothing of the text travels', () => {
  test('of prompts, pictures, tools and errors', async () => {
    const { client, tracker } = await setUp(({ index }) =>
      index ? { failure: { status: 400, type: 'canaryException' } } : converseReply({ pieces: ['canary'] }),
    );
    const request = {
      modelId: nova,
      system: [{ text: 'canary-system' }],
      requestMetadata: { note: 'canary-metadata' },
      messages: [
        {
          role: 'user' as const,
          content: [
            { text: 'canary-prompt' },
            { image: { format: 'png' as const, source: { bytes: Buffer.from('canary-picture') } } },
          ],
        },
      ],
      toolConfig: { tools: [{ toolSpec: { name: 'canary_tool', inputSchema: { json: { canary: 1 } } } }] },
    };
    await client.converse(request);
    await client.converse(request).catch(() => undefined);
    expect(await tracker.calls()).toHaveLength(2);
    const sent = JSON.stringify(tracker.requests());
    expect(sent).not.toContain('canary');
    expect(sent).not.toContain(Buffer.from('canary-picture').toString('base64').slice(0, 12));
  });
});

describe('conformance 15: the host is left alone', () => {
  test('a long stream is passed on event by event', async () => {
    const pieces = Array.from({ length: 20_000 }, () => 'x');
    const { client, tracker } = await setUp(converseStreamReply({ pieces, usage: wire }));
    const { stream } = await client.send(converseStream());
    let seen = 0;
    for await (const event of present(stream)) if (event.contentBlockDelta) seen++;
    expect(seen).toBe(pieces.length);
    expect(await onlyCall(tracker)).toMatchObject({ complete: true, usage });
    expect(tracker.stats().unfinished).toBe(0);
  });

  test('answers that are nothing like what they should be harm nobody', async () => {
    const { client, tracker } = await setUp({
      ...chunkEvents(['text', null, [1], { usage: 'x', delta: 5, choices: [null], message: 0 }]),
    });
    const { body } = await client.send(new InvokeModelWithResponseStreamCommand(invoked(nova)));
    expect(await collect(present(body))).toHaveLength(4);
    expect(await onlyCall(tracker)).toMatchObject({
      status: 'ok',
      complete: false,
      errorClass: 'usage_absent',
    });
    expect(tracker.stats().lost).toEqual({});
  });

  test('a client of something else is left as it is, and that is counted', async () => {
    const tracker = createTestTracker();
    const other = { send: () => 1 };
    expect(wrapBedrock(other, tracker)).toBe(other);
    expect(Object.keys(other)).toEqual(['send']);
    expect(tracker.stats().lost).toEqual({ unsupported_sdk: 1 });
  });

  test('a region that cannot be found out is left out', async () => {
    const { client, tracker } = await setUp(converseReply({ pieces: ['x'], usage: wire }));
    let asks = 0;
    const { region } = client.config;
    client.config.region = async () => {
      // The first to ask is the tracker.
      if (!asks++) throw new Error('canary');
      return region();
    };
    await client.send(converse());
    const call = await onlyCall(tracker);
    expect(call.region).toBeUndefined();
    expect(call.usage).toEqual(usage);
  });
});
