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

  test('that failed is an error without its message', async () => {
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

  test('is recorded once when another call runs in it, and agents above are none', async () => {
    const { tracker, tracer } = open();
    const agent = tracer.startSpan('invoke_agent', {
      attributes: { ...chat, 'gen_ai.operation.name': 'invoke_agent' },
    });
    const outer = tracer.startSpan('ChatOpenAI', { attributes: chat }, trace.setSpan(ROOT_CONTEXT, agent));
    const inner = tracer.startSpan('chat', { attributes: chat }, trace.setSpan(ROOT_CONTEXT, outer));
    for (const span of [inner, outer, agent]) span.end();
    expect((await tracker.calls()).map(({ spanId }) => spanId)).toEqual([inner.spanContext().spanId]);
  });

  test('of calls that were recorded already is left alone', async () => {
    const { tracker, tracer } = open();
    tracer.startSpan('chat', { attributes: { ...chat, 'tallykit.recorded': true } }).end();
    expect(await tracker.events()).toEqual([]);
  });
});

describe('attribution', () => {
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
