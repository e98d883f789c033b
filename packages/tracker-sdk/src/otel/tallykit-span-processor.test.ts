import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { providerOfHost } from '@tallykit/protocol/gen-ai-span';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { hostFacts } from '../providers/openai/hosts.ts';
import { createTestTracker } from '../testing/create-test-tracker.ts';
import { tallykitSpanProcessor } from './tallykit-span-processor.ts';

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});

const chat: Attributes = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o-mini',
  'gen_ai.usage.input_tokens': 1200,
  'gen_ai.usage.cache_read.input_tokens': 300,
  'gen_ai.usage.output_tokens': 120,
};

function open(options: Parameters<typeof createTestTracker>[0] = {}) {
  const tracker = createTestTracker(options);
  const processor = tallykitSpanProcessor(tracker);
  const provider = new BasicTracerProvider({ spanProcessors: [processor] });
  return { tracker, processor, provider, tracer: provider.getTracer('instrumentation') };
}

describe('a span of a call', () => {
  test('is recorded with its ids, times and exclusive tokens', async () => {
    const { tracker, tracer } = open();
    const parent = tracer.startSpan('request', {}, ROOT_CONTEXT);
    const span = tracer.startSpan(
      'chat',
      { kind: SpanKind.CLIENT, attributes: chat, startTime: 1_763_635_320_123 },
      trace.setSpan(ROOT_CONTEXT, parent),
    );
    span.addEvent('First Token Stream Event', {}, 1_763_635_320_163);
    span.end(1_763_635_320_623);
    parent.end();
    const [call, ...others] = await tracker.calls();
    expect(others).toEqual([]);
    expect(call).toMatchObject({
      kind: 'llm_call',
      attempt: 1,
      final: true,
      provider: 'openai',
      requestModel: 'gpt-4o-mini',
      operation: 'chat',
      status: 'ok',
      complete: true,
      durationMs: 500,
      firstChunkMs: 40,
      usage: { input: 900, cacheRead: 300, output: 120 },
      traceId: span.spanContext().traceId,
      spanId: span.spanContext().spanId,
      parentSpanId: parent.spanContext().spanId,
    });
    expect(call?.callId).toBe(call?.id);
    expect(Number.parseInt(call?.id.replace('-', '').slice(0, 12) ?? '', 16)).toBe(1_763_635_320_123);
  });

  test('conformance 9: that failed is an error without its message', async () => {
    const { tracker, tracer } = open();
    const span = tracer.startSpan('chat', { attributes: chat });
    span.recordException(Object.assign(new Error('canary'), { name: 'RateLimitError' }));
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'canary' });
    span.end();
    const events = await tracker.events();
    expect(events).toMatchObject([{ status: 'error', errorClass: 'http_429', httpStatus: 429 }]);
    expect(JSON.stringify(events)).not.toContain('canary');
  });

  test('of a tool is a tool call', async () => {
    const { tracker, tracer } = open();
    const attributes = {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'search',
      'gen_ai.tool.call.arguments': 'canary',
    };
    tracer.startSpan('execute_tool search', { attributes }).end();
    const events = await tracker.events();
    expect(events).toMatchObject([{ kind: 'tool_call', tool: 'search', status: 'ok' }]);
    expect(JSON.stringify(events)).not.toContain('canary');
  });

  test('conformance 6: is recorded once when another call runs in it, and agents above are none', async () => {
    const { tracker, tracer } = open();
    const agent = tracer.startSpan('invoke_agent', {
      attributes: { ...chat, 'gen_ai.operation.name': 'invoke_agent' },
    });
    const outer = tracer.startSpan('ChatOpenAI', { attributes: chat }, trace.setSpan(ROOT_CONTEXT, agent));
    const inner = tracer.startSpan('chat', { attributes: chat }, trace.setSpan(ROOT_CONTEXT, outer));
    for (const span of [inner, outer, agent]) span.end();
    expect((await tracker.calls()).map(({ spanId }) => spanId)).toEqual([inner.spanContext().spanId]);
  });

  test('is recorded once also when a thousand others end before the call that it runs in', async () => {
    const { tracker, tracer } = open();
    const server = trace.setSpan(ROOT_CONTEXT, tracer.startSpan('request', {}, ROOT_CONTEXT));
    const chatIn = (parent: typeof ROOT_CONTEXT) => tracer.startSpan('chat', { attributes: chat }, parent);
    const spans = [
      ...Array.from({ length: 995 }, () => trace.setSpan(ROOT_CONTEXT, tracer.startSpan('request'))),
      ...Array.from({ length: 10 }, () => trace.setSpan(ROOT_CONTEXT, chatIn(server))),
    ];
    for (const parent of spans) chatIn(parent).end();
    for (const outer of spans.slice(-10)) trace.getSpan(outer)?.end();
    expect(await tracker.calls()).toHaveLength(spans.length);
  });

  test('conformance 11: of calls that were recorded already is left alone', async () => {
    const { tracker, tracer } = open();
    tracer.startSpan('chat', { attributes: { ...chat, 'tallykit.recorded': true } }).end();
    expect(await tracker.events()).toEqual([]);
  });
});

describe('conformance 13: attribution', () => {
  test('is that of the run in which the span began, also when it ends elsewhere', async () => {
    const { tracker, tracer } = open({ environment: 'test' });
    const span = tracker.run({ customerId: 'cus_42', flow: 'triage', tags: { tier: 'gold' } }, () =>
      tracer.startSpan('chat', { attributes: chat }),
    );
    tracker.run({ customerId: 'cus_43' }, () => span.end());
    expect(await tracker.calls()).toMatchObject([
      { customerId: 'cus_42', flow: 'triage', environment: 'test', tags: { tier: 'gold' } },
    ]);
  });

  test('of the span wins over the run, and baggage fills what both leave out', async () => {
    const { tracker, tracer } = open();
    const baggage = propagation.createBaggage({
      'tallykit.customer_id': { value: 'of baggage' },
      'tallykit.flow': { value: 'of baggage' },
      'tallykit.user_id': { value: 'of baggage' },
      secret: { value: 'canary' },
    });
    context.with(propagation.setBaggage(ROOT_CONTEXT, baggage), () =>
      tracker.run({ customerId: 'of run', flow: 'of run' }, () =>
        tracer.startSpan('chat', { attributes: { ...chat, 'tallykit.customer_id': 'of span' } }).end(),
      ),
    );
    const calls = await tracker.calls();
    expect(calls).toMatchObject([{ customerId: 'of span', flow: 'of run', userId: 'of baggage' }]);
    expect(JSON.stringify(calls)).not.toContain('canary');
  });
});

describe('the host', () => {
  test('is never thrown at, whatever a span is', () => {
    const { tracker, processor } = open();
    const broken = [{}, { spanContext: () => null }, { attributes: null }, Object.create(null)] as never[];
    for (const span of broken) {
      expect(() => processor.onStart(span)).not.toThrow();
      expect(() => processor.onEnd(span)).not.toThrow();
    }
    expect(tracker.stats().lost).toEqual({ observer_failed: broken.length });
  });

  test('flushes and shuts OpenTelemetry down without a rejection, and keeps its tracker', async () => {
    const { tracker, provider, tracer } = open();
    tracer.startSpan('chat', { attributes: chat }).end();
    await provider.forceFlush();
    expect(tracker.requests()).toHaveLength(1);
    await provider.shutdown();
    tracker.record({ provider: 'openai', requestModel: 'gpt-4o-mini', operation: 'chat' });
    expect(await tracker.calls()).toHaveLength(2);
  });

  test('of OpenTelemetry 1.x is understood too', async () => {
    const { tracker, processor } = open();
    const span = {
      attributes: chat,
      instrumentationLibrary: { name: '@traceloop/instrumentation-anthropic' },
      spanContext: () => ({ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }),
      parentSpanId: '00f067aa0ba902b7',
      startTime: [1_763_635_320, 123_000_000],
      endTime: [1_763_635_320, 623_000_000],
      status: { code: 0 },
    } as const;
    processor.onEnd(span);
    expect(await tracker.calls()).toMatchObject([
      { parentSpanId: '00f067aa0ba902b7', usage: { input: 1200, cacheRead: 300, output: 120 } },
    ]);
  });

  test('hears nothing of a context manager that fails', async () => {
    const { tracker, processor } = open();
    const parentContext = {
      getValue: vi.fn(() => {
        throw new Error('broken');
      }),
    };
    expect(() => processor.onStart({}, parentContext)).not.toThrow();
    expect(tracker.stats().lost).toEqual({ observer_failed: 1 });
  });
});

describe('what holds for calls holds for spans', () => {
  test('conformance 10: a reported zero stays, and what was not reported is absent', async () => {
    const { tracker, tracer } = open();
    const bare: Attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o-mini',
    };
    const zeros = { 'gen_ai.usage.input_tokens': 5, 'gen_ai.usage.output_tokens': 0 };
    tracer.startSpan('chat', { attributes: { ...bare, ...zeros } }).end();
    tracer.startSpan('chat', { attributes: bare }).end();
    const usages = (await tracker.calls()).map(({ usage }) => usage);
    expect(usages).toEqual([{ input: 5, output: 0 }, undefined]);
  });

  test('conformance 11: two spans of one answer tell the same response id, by which the server counts one', async () => {
    const { tracker, tracer } = open();
    for (const scope of ['instrumentation', 'gateway'])
      tracer.startSpan(scope, { attributes: { ...chat, 'gen_ai.response.id': 'resp_1' } }).end();
    expect((await tracker.calls()).map(({ responseId }) => responseId)).toEqual(['resp_1', 'resp_1']);
  });

  test('conformance 12: spans end as ever when delivery fails, and what is lost is counted', async () => {
    const { tracker, provider, tracer } = open({
      answer: () => Promise.reject(new Error('down')),
      flushTimeoutMs: 20,
    });
    const span = tracer.startSpan('chat', { attributes: chat });
    expect(() => span.end()).not.toThrow();
    await provider.forceFlush();
    await provider.shutdown();
    expect(await tracker.shutdown()).toBe(false);
    expect(tracker.stats().lost).toEqual({ shutdown_timeout: 1 });
  });

  test('conformance 13: a span that starts in a queue, outside of any run, is of nobody', async () => {
    const { tracker, tracer } = open();
    const jobs: (() => void)[] = [];
    tracker.run({ customerId: 'cus_42' }, () => {
      jobs.push(() => tracer.startSpan('chat', { attributes: chat }).end());
    });
    for (const job of jobs) job();
    const [call] = await tracker.calls();
    expect(call?.usage).toBeDefined();
    expect(call?.customerId).toBeUndefined();
  });

  test('conformance 14: no message, file, tool argument, header or error of a span leaves', async () => {
    const { tracker, tracer } = open();
    const span = tracer.startSpan('canary', {
      attributes: {
        ...chat,
        'gen_ai.input.messages': 'canary',
        'gen_ai.output.messages': 'canary',
        'gen_ai.system_instructions': 'canary',
        'gen_ai.tool.definitions': 'canary',
        'gen_ai.prompt.0.content': 'canary',
        'llm.input_messages.0.message.content': 'data:image/png;base64,canary',
        'input.value': 'canary',
        'http.request.header.authorization': 'canary',
        'tallykit.note': 'canary',
      },
      links: [],
    });
    span.addEvent('gen_ai.user.message', { content: 'canary' });
    span.recordException(new Error('canary'));
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'canary' });
    span.end();
    expect(await tracker.calls()).toHaveLength(1);
    expect(JSON.stringify(tracker.requests())).not.toContain('canary');
  });

  test('conformance 15: a span is read where it ends, without a turn, and not kept', async () => {
    const { tracker, processor } = open({ maxQueueEvents: 10 });
    const span = (index: number) => ({
      attributes: chat,
      spanContext: () => ({
        traceId: '0af7651916cd43dd8448eb211c80319c',
        spanId: index.toString(16).padStart(16, '0'),
      }),
      parentSpanId: (index + 100_000).toString(16).padStart(16, '0'),
      startTime: [1_763_635_320, 123_000_000],
      endTime: [1_763_635_320, 623_000_000],
      status: { code: 0 },
    });
    processor.onEnd(span(1) as never);
    expect(tracker.stats().recorded).toBe(1);
    const spans: WeakRef<object>[] = [];
    for (let index = 2; index < 20_000; index++) {
      const each = span(index);
      spans.push(new WeakRef(each));
      processor.onEnd(each as never);
    }
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    // A reference that was made in this turn is held until its end.
    await new Promise((resolve) => setTimeout(resolve, 0));
    collectGarbage();
    expect(spans.filter((each) => each.deref() !== undefined).length).toBeLessThan(10);
    expect(tracker.stats().unfinished).toBe(0);
  });
});

test.each([
  'api.openai.com',
  'eu.api.openai.com',
  'api.groq.com',
  'api.deepseek.com',
  'api.x.ai',
  'api.cerebras.ai',
  'api.fireworks.ai',
  'api.mistral.ai',
  'api.perplexity.ai',
  'api.together.xyz',
  'acme.openai.azure.com',
  'acme.services.ai.azure.com',
  'openrouter.ai',
  'generativelanguage.googleapis.com',
])('the provider at %s has one name, by its wrapper and by spans', (host) => {
  expect(providerOfHost(host)).toBe(hostFacts(`https://${host}/v1`).provider);
});
