import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import OpenAI from 'openai';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { wrapOpenAI } from '../providers/openai/index.ts';
import { createTestTracker } from '../testing/create-test-tracker.ts';
import { startFakeOpenAI, type FakeOpenAI } from '../testing/fake-openai/start-fake-openai.ts';
import { tallykitSpanProcessor } from './tallykit-span-processor.ts';
import { withSpans } from './with-spans.ts';
import { withTraceparent } from './with-traceparent.ts';

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
let provider: FakeOpenAI | undefined;
afterEach(() => provider?.close());

const messages = [{ role: 'user' as const, content: 'canary' }];

async function open() {
  provider = await startFakeOpenAI({
    reply: () => ({
      id: 'chatcmpl-1',
      text: 'canary canary',
      usage: { input: 1200, cached: 300, output: 120, reasoning: 20 },
    }),
  });
  const tracker = createTestTracker();
  const memory = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({
    // The processor is there to show that it leaves these spans alone.
    spanProcessors: [new SimpleSpanProcessor(memory), tallykitSpanProcessor(tracker)],
  });
  const source = withSpans(tracker, { tracerProvider });
  const client = new OpenAI({ apiKey: 'sk-test', baseURL: provider.baseURL, maxRetries: 0 });
  const openai = wrapOpenAI(client, source, { provider: 'openai', requestUsage: true });
  return { tracker, memory, tracerProvider, openai };
}

describe('each call is a span', () => {
  test('with the current names, inclusive tokens, attribution and no content', async () => {
    const { tracker, memory, tracerProvider, openai } = await open();
    const request = tracerProvider.getTracer('host').startSpan('request', {}, ROOT_CONTEXT);
    await context.with(trace.setSpan(ROOT_CONTEXT, request), () =>
      tracker.run({ customerId: 'cus_42', conversationId: 'conv_5' }, () =>
        openai.chat.completions.create({ model: 'gpt-4o-mini', messages }),
      ),
    );
    const calls = await tracker.calls();
    expect(calls).toHaveLength(1);
    const [span, ...others] = memory.getFinishedSpans();
    expect(others).toEqual([]);
    expect(span).toMatchObject({ name: 'chat gpt-4o-mini', kind: SpanKind.CLIENT });
    expect(span?.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o-mini',
      'gen_ai.response.model': 'gpt-4o-mini',
      'gen_ai.response.id': 'chatcmpl-1',
      'gen_ai.usage.input_tokens': 1200,
      'gen_ai.usage.output_tokens': 120,
      'gen_ai.usage.cache_read.input_tokens': 300,
      'gen_ai.usage.reasoning.output_tokens': 20,
      'gen_ai.conversation.id': 'conv_5',
      'tallykit.customer_id': 'cus_42',
      'tallykit.recorded': true,
    });
    expect(span?.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
    expect(calls[0]?.traceId).toBe(span?.spanContext().traceId);
  });

  test('also when it streams, with the time of its first chunk', async () => {
    const { tracker, memory, openai } = await open();
    const stream = await openai.chat.completions.create({ model: 'gpt-4o-mini', messages, stream: true });
    for await (const chunk of stream) void chunk;
    expect(await tracker.calls()).toMatchObject([
      { usage: { input: 900 }, firstChunkMs: expect.any(Number) as unknown },
    ]);
    expect(memory.getFinishedSpans()[0]?.attributes).toMatchObject({
      'gen_ai.usage.input_tokens': 1200,
      'gen_ai.response.time_to_first_chunk': expect.any(Number) as unknown,
    });
  });

  test('also when it fails, with the class of the error', async () => {
    const { tracker, memory, openai } = await open();
    provider?.setReply(() => ({ failure: { status: 429, message: 'canary' } }));
    await expect(openai.chat.completions.create({ model: 'gpt-4o-mini', messages })).rejects.toThrow();
    expect(await tracker.calls()).toMatchObject([{ status: 'error' }]);
    const [span] = memory.getFinishedSpans();
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(span?.attributes).toMatchObject({ 'error.type': 'http_429', 'http.response.status_code': 429 });
    expect(JSON.stringify(span?.attributes)).not.toContain('canary');
  });

  test('and a call that is dropped is none', () => {
    const tracker = createTestTracker();
    const memory = new InMemorySpanExporter();
    const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(memory)] });
    const { recorder } = withSpans(tracker, { tracerProvider });
    const facts = { provider: 'openai', operation: 'chat', requestModel: 'gpt-4o-mini' };
    const dropped = recorder.start({ ...facts });
    dropped.drop();
    dropped.end({ status: 'ok', complete: true });
    const twice = recorder.start({ ...facts });
    twice.end({ status: 'ok', complete: true });
    twice.end({ status: 'ok', complete: true });
    expect(memory.getFinishedSpans()).toHaveLength(1);
  });
});

test('a failure of OpenTelemetry reaches nobody', async () => {
  const tracker = createTestTracker();
  const tracerProvider = {
    getTracer: () => {
      throw new Error('broken');
    },
  };
  const { recorder } = withSpans(tracker, { tracerProvider });
  const call = recorder.start({ provider: 'openai', operation: 'chat', requestModel: 'gpt-4o-mini' });
  expect(() => call.end({ status: 'ok', complete: true })).not.toThrow();
  expect(await tracker.calls()).toHaveLength(1);
  expect(tracker.stats().lost).toEqual({ observer_failed: 1 });
});

describe('traceparent', () => {
  const client = async (tracker: ReturnType<typeof createTestTracker>, asked: boolean) => {
    provider = await startFakeOpenAI({ reply: () => ({ text: 'hi' }) });
    const settings = { apiKey: 'sk-test', baseURL: provider.baseURL };
    return wrapOpenAI(
      new OpenAI(asked ? { ...settings, fetch: withTraceparent(tracker) } : settings),
      tracker,
    );
  };

  test('goes out with the trace of the run when it is asked for', async () => {
    const tracker = createTestTracker();
    const openai = await client(tracker, true);
    const traceId = await tracker.run({}, async (run) => {
      await openai.chat.completions.create({ model: 'gpt-4o-mini', messages });
      return run.traceId;
    });
    expect(provider?.requests()[0]?.headers['traceparent']).toMatch(
      new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`),
    );
  });

  test('does not go out otherwise', async () => {
    const tracker = createTestTracker();
    const openai = await client(tracker, false);
    await openai.chat.completions.create({ model: 'gpt-4o-mini', messages });
    expect(provider?.requests()[0]?.headers).not.toHaveProperty('traceparent');
  });

  test('of the host itself stays', async () => {
    const tracker = createTestTracker();
    const own = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const openai = await client(tracker, true);
    await openai.chat.completions.create(
      { model: 'gpt-4o-mini', messages },
      { headers: { traceparent: own } },
    );
    expect(provider?.requests()[0]?.headers['traceparent']).toBe(own);
  });
});
