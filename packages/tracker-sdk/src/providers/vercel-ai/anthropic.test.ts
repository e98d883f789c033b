import * as ai from 'ai';
import { describe, expect, test } from 'vitest';
import { asked } from './__fixtures__/open-driver.ts';
import { onlyCall, setUpAnthropic } from './__fixtures__/set-up.ts';

const usage = {
  input_tokens: 100,
  cache_read_input_tokens: 40,
  cache_creation_input_tokens: 30,
  cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 10 },
  output_tokens: 12,
  output_tokens_details: { thinking_tokens: 5 },
  server_tool_use: { web_search_requests: 2 },
  service_tier: 'priority',
};
const buckets = {
  input: 100,
  cacheRead: 40,
  cacheWrite5m: 20,
  cacheWrite1h: 10,
  output: 7,
  reasoning: 5,
  webSearches: 2,
};

describe('Anthropic through the AI SDK', () => {
  test.each(['generateText', 'streamText'] as const)(
    'counts what is read from and written to the cache apart, by lifetime: %s',
    async (name) => {
      const { model, tracker } = await setUpAnthropic({ usage });
      const result = await ai[name]({ model, prompt: 'Hi' });
      expect(await result.text).toBe('Hello there.');
      const call = await onlyCall(tracker);
      expect(call).toMatchObject({
        provider: 'anthropic',
        requestModel: 'claude-sonnet-4-5',
        responseModel: 'claude-sonnet-4-5',
        serviceTier: 'priority',
        status: 'ok',
        complete: true,
      });
      expect(call.usage).toEqual(buckets);
      expect(call.responseId).toMatch(/^msg_/);
      expect(Object.keys(call.rawUsage ?? {}).length).toBeLessThanOrEqual(16);
    },
  );

  test('leaves out what the provider did not report, and keeps a reported zero', async () => {
    const bare = await setUpAnthropic({ usage: { input_tokens: 9, output_tokens: 2 } });
    await ai.generateText({ model: bare.model, prompt: 'Hi' });
    expect((await onlyCall(bare.tracker)).usage).toEqual({ input: 9, output: 2 });

    const zero = await setUpAnthropic({
      usage: { input_tokens: 9, output_tokens: 2, cache_read_input_tokens: 0 },
    });
    await ai.generateText({ model: zero.model, prompt: 'Hi' });
    expect((await onlyCall(zero.tracker)).usage).toEqual({ input: 9, cacheRead: 0, output: 2 });
  });

  test('conformance 3: a stream that is left keeps the input it reported, and not the placeholder of its output', async () => {
    const { model, tracker } = await setUpAnthropic({ usage, chunkDelayMs: 10 });
    const { stream } = await model.doStream(asked('Hi'));
    for await (const part of stream) if (part.type === 'text-delta') break;
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({
      status: 'aborted',
      complete: false,
      usage: { input: 100, cacheRead: 40, cacheWrite5m: 20, cacheWrite1h: 10 },
      estimate: { usage: { output: 2 } },
    });
    expect(call.usage?.output).toBeUndefined();
    expect(call.estimate?.usage.input).toBeUndefined();
    expect(call.responseId).toMatch(/^msg_/);
  });

  test('conformance 9: an error in the middle of a stream is one, and keeps what was counted by then', async () => {
    const { model, tracker } = await setUpAnthropic({ usage, interrupt: { afterEvents: 4, then: 'error' } });
    const { stream } = await model.doStream(asked('Hi'));
    const types: string[] = [];
    for await (const part of stream) types.push(part.type);
    expect(types).toContain('error');
    expect(await onlyCall(tracker)).toMatchObject({
      status: 'error',
      complete: false,
      usage: { input: 100, cacheRead: 40 },
    });
  });
});
