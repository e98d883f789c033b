import { describe, expect, test } from 'vitest';
import { collect } from '../../testing/collect.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';
import { body, counted, onlyCall, plain, setUp, streamed, usage } from './__fixtures__/set-up.ts';

const whole = {
  input_tokens: 100,
  cache_creation_input_tokens: 30,
  cache_read_input_tokens: 40,
  cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 10 },
  output_tokens: 50,
  output_tokens_details: { thinking_tokens: 20 },
  server_tool_use: { web_search_requests: 2, web_fetch_requests: 0 },
  service_tier: 'priority',
  inference_geo: 'us',
};
const wholeCounted = {
  input: 100,
  cacheRead: 40,
  cacheWrite5m: 20,
  cacheWrite1h: 10,
  output: 30,
  reasoning: 20,
  webSearches: 2,
};

describe.each(sdkVersions)('conformance 3: where Anthropic reports usage, on $name', ({ Anthropic }) => {
  test('a message and its stream have the same counts, tier, region and ids', async () => {
    const { client, tracker } = await setUp(Anthropic, ({ index }) => ({
      ...plain,
      usage: whole,
      id: `m${index}`,
    }));
    await client.messages.create(body);
    await collect(await client.messages.create(streamed));
    const calls = await tracker.calls();
    expect(calls).toHaveLength(2);
    for (const [index, call] of calls.entries()) {
      expect(call.usage).toEqual(wholeCounted);
      expect(call).toMatchObject({
        provider: 'anthropic',
        operation: 'chat',
        requestModel: body.model,
        responseModel: body.model,
        responseId: `m${index}`,
        serviceTier: 'priority',
        region: 'us',
        status: 'ok',
        complete: true,
        providerIds: { requestId: `req_${index}` },
      });
    }
  });

  test('a break before the end keeps the input, and estimates the output but not from the placeholder', async () => {
    const { client, tracker } = await setUp(Anthropic, {
      chunks: ['x'.repeat(40), 'y'],
      usage: whole,
      chunkDelayMs: 3,
    });
    for await (const event of await client.messages.create(streamed))
      if (event.type === 'content_block_delta') break;
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ status: 'aborted', complete: false, errorClass: 'aborted' });
    expect(call.usage).toEqual({ input: 100, cacheRead: 40, cacheWrite5m: 20, cacheWrite1h: 10 });
    expect(call.rawUsage).not.toHaveProperty('output_tokens');
    expect(call.estimate).toEqual({ method: 'characters', usage: { output: 10 } });
  });

  test('the estimate counts thinking and arguments of tools too', async () => {
    const { client, tracker } = await setUp(Anthropic, {
      usage,
      thinking: 't'.repeat(20),
      toolUses: [{ name: 'add', input: { a: 'b'.repeat(12) } }],
      interrupt: { afterEvents: 8, then: 'hang' },
    });
    for await (const event of await client.messages.create(streamed))
      if (event.type === 'content_block_delta' && event.delta.type === 'input_json_delta') break;
    // 20 characters of thinking and 20 of `{"a":"bbbbbbbbbbbb"}`.
    expect((await onlyCall(tracker)).estimate?.usage).toEqual({ output: 10 });
  });

  test('a caller who leaves after the stop reason has seen all of the usage', async () => {
    const { client, tracker } = await setUp(Anthropic);
    for await (const event of await client.messages.create(streamed))
      if (event.type === 'message_delta') break;
    expect(await onlyCall(tracker)).toMatchObject({ status: 'ok', complete: true, usage: counted });
  });

  test.each(['refusal', 'max_tokens', 'pause_turn', 'model_context_window_exceeded'])(
    'an answer that stops with %s is a whole one',
    async (stopReason) => {
      const { client, tracker } = await setUp(Anthropic, { ...plain, stopReason });
      await client.messages.create(body);
      await collect(await client.messages.create(streamed));
      for (const call of await tracker.calls())
        expect(call).toMatchObject({ status: 'ok', complete: true, usage: counted });
    },
  );

  test('fast inference is a tier of its own, and a standard one stays standard', async () => {
    const { client, tracker } = await setUp(Anthropic, ({ index }) => ({
      ...plain,
      usage: {
        ...usage,
        service_tier: 'standard',
        speed: index ? 'standard' : 'fast',
        inference_geo: 'not_available',
      },
    }));
    await client.messages.create(body);
    await client.messages.create(body);
    const calls = await tracker.calls();
    expect(calls.map((call) => [call.serviceTier, call.region])).toEqual([
      ['fast', undefined],
      ['standard', undefined],
    ]);
  });

  test('a model that advised another is a call of its own, at its own rates', async () => {
    const advised = {
      ...usage,
      iterations: [
        { type: 'message', model: body.model, input_tokens: 16, output_tokens: 7 },
        { type: 'advisor_message', model: 'claude-opus-5', input_tokens: 800, output_tokens: 90 },
      ],
    };
    const { client, tracker } = await setUp(Anthropic, { ...plain, usage: advised });
    await client.beta.messages.create(body);
    await collect(await client.beta.messages.create(streamed));
    const calls = await tracker.calls();
    const advisor = ['claude-opus-5', { input: 800, output: 90 }];
    const own = [body.model, counted];
    expect(calls.map((call) => [call.requestModel, call.usage])).toEqual([advisor, own, advisor, own]);
  });
});
