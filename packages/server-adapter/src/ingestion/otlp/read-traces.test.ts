import { readFileSync } from 'node:fs';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from 'vitest';
import { eventsOfSpans } from './events-of-spans.ts';
import type { UnreadSpan } from './otlp-span.ts';
import { readJson } from './read-json.ts';
import { readProtobuf } from './read-protobuf.ts';

// One request of OpenTelemetry's own exporter (otlp-transformer 0.301), in both of its forms.
const fixture = (name: string) => readFileSync(new URL(`__fixtures__/${name}`, import.meta.url));
const protobuf = new Uint8Array(fixture('traces.pb'));
const json = JSON.parse(fixture('traces.json').toString()) as object;

const all = (unread: readonly UnreadSpan[]) => unread.map((read) => read());
const forms = [
  ['protobuf', () => readProtobuf(protobuf)],
  ['JSON', () => readJson(json)],
] as const;

describe.each(forms)('an export in %s', (_, read) => {
  it('is read as far as calls are told with it', () => {
    const [chat, agent] = all(read());
    expect(chat).toMatchObject({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      parentSpanId: 'b7ad6b7169203330',
      startNanos: 1_763_635_320_123_000_000n,
      endNanos: 1_763_635_320_623_000_000n,
      failed: true,
      scopeName: 'acme-instrumentation',
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.temperature': 0.5,
        'gen_ai.request.stream': true,
        'gen_ai.usage.input_tokens': 1200,
        'tallykit.user_id': 7,
      },
      resource: { 'service.name': 'shop', 'deployment.environment.name': 'production' },
      events: [{ name: 'First Token Stream Event', timeNanos: 1_763_635_320_163_000_000n }],
    });
    expect(agent).toMatchObject({ spanId: 'b7ad6b7169203330', parentSpanId: undefined, failed: false });
  });

  it('is one call, without a word of what was said', async () => {
    const { events, invalid } = await eventsOfSpans(read(), 'acme');
    expect(invalid).toBe(0);
    expect(events).toMatchInlineSnapshot(`
      [
        {
          "attempt": 1,
          "callId": "019aa0db-553b-796b-a35c-ae1f7a623188",
          "complete": true,
          "customerId": "cus_42",
          "durationMs": 500,
          "environment": "production",
          "errorClass": "http_500",
          "final": true,
          "firstChunkMs": 40,
          "httpStatus": 500,
          "id": "019aa0db-553b-796b-a35c-ae1f7a623188",
          "kind": "llm_call",
          "operation": "chat",
          "parentSpanId": "b7ad6b7169203330",
          "provider": "openai",
          "rawUsage": {
            "gen_ai.usage.cache_read.input_tokens": 300,
            "gen_ai.usage.input_tokens": 1200,
            "gen_ai.usage.output_tokens": 120,
          },
          "requestModel": "gpt-4o-mini",
          "responseId": "chatcmpl-1",
          "responseModel": "gpt-4o-mini-2024-07-18",
          "spanId": "b7ad6b7169203331",
          "status": "error",
          "traceId": "0af7651916cd43dd8448eb211c80319c",
          "usage": {
            "cacheRead": 300,
            "input": 900,
            "output": 120,
          },
          "userId": "7",
        },
      ]
    `);
    expect(JSON.stringify(events)).not.toContain('canary');
  });
});

it('gives long text no room, since no name or count is long', () => {
  for (const read of [() => readProtobuf(protobuf), () => readJson(json)]) {
    expect(Object.keys(all(read())[0]?.attributes ?? {})).not.toContain('gen_ai.input.messages');
  }
});

describe('what is no export', () => {
  it('throws in protobuf, wherever it is cut', () => {
    let thrown = 0;
    for (let end = 1; end < protobuf.length; end += 1) {
      try {
        all(readProtobuf(protobuf.subarray(0, end)));
      } catch {
        thrown += 1;
      }
    }
    expect(thrown).toBe(protobuf.length - 1);
  });

  it('throws when a field has another type', () => {
    const wrong = new BinaryWriter().tag(1, WireType.Varint).int64(5).finish();
    expect(() => readProtobuf(wrong)).toThrow(TypeError);
  });

  it.each([
    [null],
    [[]],
    ['traces'],
    [{ resourceSpans: {} }],
    [{ resourceSpans: [5] }],
    [{ resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 5 }] }] }] }],
    [{ resourceSpans: [{ scopeSpans: [{ spans: [{ startTimeUnixNano: 'now' }] }] }] }],
    [{ resourceSpans: [{ scopeSpans: [{ spans: [{ attributes: [{ key: 'a', value: 5 }] }] }] }] }],
  ])('throws in JSON: %j', (body) => {
    expect(() => all(readJson(body))).toThrow(TypeError);
  });
});

it('passes over what a newer OTLP may add', () => {
  expect(readJson({ resourceSpans: [], newer: [{ deep: true }] })).toEqual([]);
  const newer = new BinaryWriter().tag(99, WireType.LengthDelimited).string('newer').finish();
  expect(readProtobuf(new Uint8Array([...newer, ...protobuf]))).toHaveLength(2);
  expect(readProtobuf(new Uint8Array())).toEqual([]);
});

describe('the events of spans', () => {
  const [chat] = all(readProtobuf(protobuf));
  if (chat === undefined) throw new Error('The fixture holds no span.');

  it('have ids that depend on organization, trace and span alone', async () => {
    const idOf = async (span: typeof chat, organization = 'acme') =>
      (await eventsOfSpans([() => span], organization)).events[0]?.id;
    expect(await idOf(chat)).toBe(
      await idOf({ ...chat, attributes: { ...chat.attributes, 'gen_ai.usage.input_tokens': 1 } }),
    );
    expect(await idOf(chat)).not.toBe(await idOf(chat, 'other'));
    expect(await idOf(chat)).not.toBe(await idOf({ ...chat, spanId: 'b7ad6b7169203339' }));
    expect(await idOf(chat)).toMatch(/^019a/);
  });

  it('count the inner one of two model calls of which one runs in the other', async () => {
    const outer = { ...chat, spanId: 'b7ad6b7169203330', parentSpanId: undefined };
    const { events } = await eventsOfSpans([() => chat, () => outer], 'acme');
    expect(events.map(({ spanId }) => spanId)).toEqual([chat.spanId]);
  });

  it('leave out spans that have no valid id, and say how many', async () => {
    const broken = [
      { ...chat, traceId: '0'.repeat(32) },
      { ...chat, spanId: 'b7' },
    ];
    expect(
      await eventsOfSpans(
        broken.map((span) => () => span),
        'acme',
      ),
    ).toEqual({ events: [], invalid: 2 });
  });
});
