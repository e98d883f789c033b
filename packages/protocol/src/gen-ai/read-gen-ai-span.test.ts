import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { llmCallEventSchema, toolCallEventSchema } from '../usage-event.ts';
import { buildSpan, callOf, chat, factsOf } from './build-span.ts';
import type { GenAiSpan, SpanAttributes } from './gen-ai-span.ts';
import { readGenAiSpan } from './read-gen-ai-span.ts';
import { usageNames } from './usage-names.ts';

describe('everything else of a call', () => {
  test('is read by the current names', () => {
    const reading = readGenAiSpan(
      buildSpan(
        {
          ...chat,
          'gen_ai.response.model': 'gpt-4o-mini-2024-07-18',
          'gen_ai.response.id': 'chatcmpl-1',
          'gen_ai.response.time_to_first_chunk': 0.25,
          'openai.response.service_tier': 'flex',
          'gen_ai.usage.cost.amount': 0.00000125,
          'gen_ai.usage.cost.currency': 'USD',
          'gen_ai.usage.cost.source': 'provider',
        },
        { parentSpanId: '00f067aa0ba902b7' },
      ),
    );
    expect(reading).toEqual({
      startedAt: 1_763_635_320_123,
      facts: {
        kind: 'llm_call',
        traceId: '0af7651916cd43dd8448eb211c80319c',
        spanId: 'b7ad6b7169203331',
        parentSpanId: '00f067aa0ba902b7',
        durationMs: 500,
        status: 'ok',
        complete: true,
        provider: 'openai',
        requestModel: 'gpt-4o-mini',
        responseModel: 'gpt-4o-mini-2024-07-18',
        responseId: 'chatcmpl-1',
        operation: 'chat',
        firstChunkMs: 250,
        serviceTier: 'flex',
        statedCost: { amount: '0.00000125', currency: 'USD' },
      },
    });
  });

  test('an estimate of the instrumentation is not what the provider stated', () => {
    const cost = { 'gen_ai.usage.cost.amount': 1, 'gen_ai.usage.cost.currency': 'USD' };
    expect(callOf({ ...chat, ...cost, 'gen_ai.usage.cost.source': 'local' }).statedCost).toBeUndefined();
    expect(callOf({ ...chat, 'gen_ai.usage.cost': 1, 'llm.cost.total': 1 }).statedCost).toBeUndefined();
  });

  test('a tier that the provider was to choose is not known', () => {
    expect(callOf({ ...chat, 'openai.request.service_tier': 'auto' }).serviceTier).toBeUndefined();
    expect(callOf({ ...chat, 'gen_ai.openai.request.service_tier': 'flex' }).serviceTier).toBe('flex');
  });

  test.each([['First Token Stream Event'], ['llm.content.completion.chunk']])(
    'the first chunk is the event %s',
    (name) => {
      const events = [{ name, timeNanos: 1_763_635_320_163_456_789n }];
      expect(callOf(chat, { events }).firstChunkMs).toBe(40);
    },
  );

  test.each<[string, SpanAttributes, object]>([
    ['429', {}, { status: 'error', complete: true, errorClass: 'http_429', httpStatus: 429 }],
    ['RateLimitError', {}, { status: 'error', errorClass: 'http_429', httpStatus: 429 }],
    ['openai.AuthenticationError', {}, { status: 'error', errorClass: 'http_401', httpStatus: 401 }],
    [
      'context_length_exceeded',
      {},
      { status: 'error', complete: false, errorClass: 'context_length_exceeded' },
    ],
    ['APIConnectionTimeoutError', {}, { status: 'error', complete: false, errorClass: 'timeout' }],
    ['APIConnectionError', {}, { status: 'error', errorClass: 'connection_failed' }],
    ['APIUserAbortError', {}, { status: 'aborted', complete: false, errorClass: 'aborted' }],
    ['asyncio.exceptions.CancelledError', {}, { status: 'aborted', errorClass: 'aborted' }],
    [
      '_OTHER',
      { 'http.response.status_code': 503 },
      { status: 'error', complete: true, errorClass: 'http_503', httpStatus: 503 },
    ],
    ['the prompt was: my secret canary', {}, { status: 'error', errorClass: 'other' }],
  ])('error.type %s is reduced to a class', (type, more, expected) => {
    const call = callOf({ ...chat, ...more, 'error.type': type }, { failed: true });
    expect(call).toMatchObject(expected);
    expect(JSON.stringify(call)).not.toContain('canary');
  });

  test('a failed span without a reason is an error', () => {
    expect(callOf(chat, { failed: true })).toMatchObject({
      status: 'error',
      errorClass: 'other',
      complete: false,
    });
  });

  test('the class of a recorded exception is a reason', () => {
    const events = [
      {
        name: 'exception',
        timeNanos: 0n,
        attributes: { 'exception.type': 'RateLimitError', 'exception.message': 'canary' },
      },
    ];
    expect(callOf(chat, { failed: true, events })).toMatchObject({ errorClass: 'http_429' });
  });

  test('an end before the start is no duration', () => {
    expect(callOf(chat, { endNanos: 5n }).durationMs).toBe(0);
  });

  test('a span without ids of W3C is none', () => {
    expect(factsOf(chat, { traceId: '0'.repeat(32) })).toBeNull();
    expect(factsOf(chat, { spanId: 'B7AD6B7169203331' })).toBeNull();
  });
});

describe('attribution', () => {
  const names = [
    ['customerId', 'tallykit.customer_id'],
    ['userId', 'tallykit.user_id'],
    ['productId', 'tallykit.product_id'],
    ['flow', 'tallykit.flow'],
    ['configuration', 'tallykit.configuration'],
    ['conversationId', 'tallykit.conversation_id'],
    ['messageId', 'tallykit.message_id'],
    ['channel', 'tallykit.channel'],
    ['workspaceId', 'tallykit.workspace_id'],
    ['environment', 'tallykit.environment'],
  ] as const;
  test.each(names)(
    '%s comes from %s: of the span, the run, the baggage, the resource, in this order',
    (key, name) => {
      const all = buildSpan(
        { ...chat, [name]: 'span' },
        { baggage: { [name]: 'baggage' }, resource: { [name]: 'resource' } },
      );
      const read = (from: GenAiSpan, run?: object) => readGenAiSpan(from, run)?.facts[key];
      expect(read(all, { [key]: 'run' })).toBe('span');
      expect(read({ ...all, attributes: chat }, { [key]: 'run' })).toBe('run');
      expect(read({ ...all, attributes: chat })).toBe('baggage');
      expect(read({ ...all, attributes: chat, baggage: {} })).toBe('resource');
      expect(read({ ...all, attributes: chat, baggage: {}, resource: {} })).toBeUndefined();
    },
  );

  test("OpenTelemetry's own names stand in for conversation and environment", () => {
    const resource = { 'deployment.environment.name': 'production' };
    expect(callOf({ ...chat, 'gen_ai.conversation.id': 'conv_5' }, { resource })).toMatchObject({
      conversationId: 'conv_5',
      environment: 'production',
    });
    expect(callOf(chat, { resource: { 'deployment.environment': 'staging' } }).environment).toBe('staging');
  });

  test('an id that no event can hold is left out, and never shortened into another one', () => {
    const call = callOf({
      ...chat,
      'tallykit.customer_id': 'x'.repeat(201),
      'tallykit.flow': 'a\nb',
      'tallykit.user_id': 42,
    });
    expect(call.customerId).toBeUndefined();
    expect(call.flow).toBeUndefined();
    expect(call.userId).toBe('42');
  });
});

describe('what leaves the mapping', () => {
  const closed = { id: '019aa0b1-0000-7000-8000-000000000000', callId: 'c', attempt: 1, final: true };

  test('is an event, whatever the attributes are', () => {
    const known = [
      ...Object.values(usageNames).flat(),
      'gen_ai.request.model',
      'gen_ai.response.id',
      'error.type',
    ];
    const odd = fc.oneof(
      fc.string(),
      fc.string({ minLength: 300, maxLength: 400 }),
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.array(fc.string()),
    );
    const attributes = fc.dictionary(
      fc.constantFrom(
        ...known,
        'gen_ai.provider.name',
        'tallykit.customer_id',
        'openai.response.service_tier',
        'gen_ai.usage.cost.amount',
      ),
      odd,
    );
    fc.assert(
      fc.property(attributes, fc.boolean(), (given, failed) => {
        const facts = callOf(
          {
            'gen_ai.usage.cost.currency': 'USD',
            'gen_ai.usage.cost.source': 'provider',
            ...given,
            'gen_ai.operation.name': 'chat',
          },
          { failed },
        );
        expect(llmCallEventSchema.safeParse({ ...facts, ...closed }).error).toBeUndefined();
      }),
    );
  });

  test('is a tool call that the schema takes, however the tool is called', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 500 }), (name) => {
        const facts = factsOf({ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name });
        expect(toolCallEventSchema.safeParse({ ...facts, id: closed.id }).error).toBeUndefined();
      }),
    );
  });

  test('holds no content', () => {
    const content = [
      'gen_ai.input.messages',
      'gen_ai.output.messages',
      'gen_ai.system_instructions',
      'gen_ai.prompt',
      'gen_ai.completion',
      'gen_ai.tool.definitions',
      'ai.prompt',
      'ai.prompt.messages',
      'ai.response.text',
      'input.value',
      'output.value',
      'llm.input_messages.0.message.content',
      'llm.invocation_parameters',
      'traceloop.entity.input',
    ];
    const facts = factsOf({ ...chat, ...Object.fromEntries(content.map((name) => [name, 'canary-5512'])) });
    expect(JSON.stringify(facts)).not.toContain('canary');
  });

  test('needs nothing at run time, so that it can be bundled alone', () => {
    const folder = new URL('.', import.meta.url);
    for (const file of readdirSync(folder).filter((name) => !name.endsWith('.test.ts'))) {
      const source = readFileSync(new URL(file, folder), 'utf8');
      for (const [, clause = '', specifier = ''] of source.matchAll(
        /^import (type )?[^;]*?from '([^']+)';/gm,
      )) {
        if (!specifier.startsWith('./')) expect(clause).toBe('type ');
      }
    }
  });
});
