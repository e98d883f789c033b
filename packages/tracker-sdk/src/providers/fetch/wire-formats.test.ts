import { describe, expect, test } from 'vitest';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { onlyCall } from '../openai/__fixtures__/set-up.ts';
import { answering, asked } from './__fixtures__/answering.ts';
import { trackedFetch } from './tracked-fetch.ts';

describe('conformance 4: Gemini', () => {
  test('is read as one array, and as server-sent events', async () => {
    // The example of https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent, shortened.
    const part = (text: string, more: object) => ({
      candidates: [{ content: { role: 'model', parts: [{ text }] }, ...more }],
      usageMetadata: {
        promptTokenCount: 8,
        candidatesTokenCount: text.length,
        totalTokenCount: 8 + text.length,
      },
      modelVersion: 'gemini-2.5-flash',
      responseId: 'resp_g',
    });
    const parts = [part('one', {}), part('two more', { finishReason: 'STOP' })];
    const address =
      'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent';
    for (const [body, type] of [
      [`[${parts.map((each) => JSON.stringify(each, null, 2)).join('\n,\r\n')}\n]`, 'application/json'],
      [parts.map((each) => `data: ${JSON.stringify(each)}\r\n\r\n`).join(''), 'text/event-stream'],
    ] as const) {
      const tracker = createTestTracker();
      const tracked = trackedFetch(tracker, { fetch: answering(body, { 'content-type': type }) });
      expect(await (await tracked(address, asked({}))).text()).toBe(body);
      const call = await onlyCall(tracker);
      expect(call).toMatchObject({ provider: 'google', operation: 'generate_content', complete: true });
      expect(call.usage).toEqual({ input: 8, output: 8 });
      expect(call.firstChunkMs).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('Cohere', () => {
  // Shapes as in https://docs.cohere.com/reference/chat and https://docs.cohere.com/reference/chat-stream.
  const billed = {
    billed_units: { input_tokens: 20, output_tokens: 7 },
    tokens: { input_tokens: 86, output_tokens: 9 },
  };
  const events = [
    { type: 'message-start', id: 'c-1', delta: { message: { role: 'assistant' } } },
    { type: 'content-delta', index: 0, delta: { message: { content: { text: 'canary!!' } } } },
    { type: 'message-end', id: 'c-1', delta: { finish_reason: 'COMPLETE', usage: billed } },
  ];
  const lines = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);

  test('is read as a whole and as a stream', async () => {
    const tracker = createTestTracker();
    const whole = JSON.stringify({ id: 'c-0', message: { content: [{ text: 'canary' }] }, usage: billed });
    for (const [body, type] of [
      [whole, 'application/json'],
      [lines.join(''), 'text/event-stream'],
    ] as const) {
      const tracked = trackedFetch(tracker, { fetch: answering(body, { 'content-type': type }) });
      await (await tracked('https://api.cohere.com/v2/chat', asked({}))).text();
    }
    const seen = { provider: 'cohere', operation: 'chat', complete: true, usage: { input: 20, output: 7 } };
    expect(await tracker.calls()).toMatchObject([
      { ...seen, responseId: 'c-0' },
      { ...seen, responseId: 'c-1' },
    ]);
    expect(JSON.stringify(tracker.requests())).not.toContain('canary');
  });

  test('is estimated where a stream is cut', async () => {
    const tracker = createTestTracker();
    const tracked = trackedFetch(tracker, {
      fetch: answering(lines.slice(0, 2).join(''), { 'content-type': 'text/event-stream' }),
    });
    await (await tracked('https://api.cohere.com/v2/chat', asked({}))).text();
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ complete: false, errorClass: 'usage_absent' });
    expect(call.estimate?.usage.output).toBe(2);
  });
});

describe('conformance 5: Bedrock', () => {
  const address = 'https://bedrock-runtime.eu-west-1.amazonaws.com/model/amazon.nova-lite-v1%3A0';

  test('is read where it answers at once', async () => {
    const tracker = createTestTracker();
    // The example of the Converse API reference, shortened.
    const converse = JSON.stringify({
      output: { message: { role: 'assistant', content: [{ text: 'canary' }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 30, outputTokens: 628, totalTokens: 658 },
    });
    const headers = { 'content-type': 'application/json', 'x-amzn-requestid': 'aws-1' };
    await (
      await trackedFetch(tracker, { fetch: answering(converse, headers) })(`${address}/converse`, asked({}))
    ).json();
    const invoked = JSON.stringify({
      model: 'claude',
      id: 'msg_1',
      usage: { input_tokens: 3, output_tokens: 2 },
    });
    await (
      await trackedFetch(tracker, { fetch: answering(invoked, headers) })(`${address}/invoke`, asked({}))
    ).json();
    expect(await tracker.calls()).toMatchObject([
      {
        provider: 'aws',
        region: 'eu-west-1',
        usage: { input: 30, output: 628 },
        providerIds: { requestId: 'aws-1' },
      },
      { provider: 'aws', responseId: 'msg_1', usage: { input: 3, output: 2 } },
    ]);
    expect(JSON.stringify(tracker.requests())).not.toContain('canary');
  });

  test('has no usage where it streams, and its bytes are the ones that came', async () => {
    const tracker = createTestTracker();
    const stream = new Response('x', { headers: { 'content-type': 'application/vnd.amazon.eventstream' } });
    const tracked = trackedFetch(tracker, { fetch: async () => stream });
    expect(await tracked(`${address}/converse-stream`, asked({}))).toBe(stream);
    expect(await onlyCall(tracker)).toMatchObject({ complete: false, errorClass: 'usage_absent' });
  });
});
