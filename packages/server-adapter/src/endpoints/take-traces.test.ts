import { gzipSync } from 'node:zlib';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { IngestAnswer, LlmCallEvent } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import { openTestTallykit } from '../testing/open-test-tallykit.ts';

const route = 'http://host.example/v1/otlp/v1/traces';
const start = BigInt(Date.parse('2026-11-20T10:41:00Z')) * 1_000_000n;
const traceId = '0af7651916cd43dd8448eb211c80319c';

interface Posted {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function open(options: Parameters<typeof openTestTallykit>[0] = {}) {
  const test = openTestTallykit(options);
  const token = await test.key({ kind: 'ingest' });
  const post = ({ body, contentType = 'application/json', headers }: Posted, secret: string | null = token) =>
    test.tallykit.handler(
      new Request(route, {
        method: 'POST',
        body,
        headers: {
          'content-type': contentType,
          ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
          ...headers,
        },
      }),
    );
  const send = async (...spans: readonly object[]) => {
    const answer = await post({ body: request(...spans) });
    return { status: answer.status, body: (await answer.json()) as object };
  };
  return { ...test, token, post, send };
}

const attribute = ([key, value]: readonly [string, string | number]) => ({
  key,
  value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
});

function chatSpan(more: Readonly<Record<string, string | number>> = {}, rest: object = {}): object {
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4o-mini',
    'gen_ai.response.id': 'chatcmpl-1',
    'gen_ai.usage.input_tokens': 1200,
    'gen_ai.usage.cache_read.input_tokens': 300,
    'gen_ai.usage.output_tokens': 120,
    'tallykit.customer_id': 'acme',
    ...more,
  };
  return {
    traceId,
    spanId: 'b7ad6b7169203331',
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 500_000_000n),
    attributes: Object.entries(attributes).map(attribute),
    ...rest,
  };
}

const request = (...spans: readonly object[]): string =>
  JSON.stringify({ resourceSpans: [{ scopeSpans: [{ scope: { name: 'test' }, spans }] }] });

async function callsOf({ ask }: Pick<ReturnType<typeof openTestTallykit>, 'ask'>) {
  const answer = await ask<{ totals: object; spans: readonly object[] }>(`GET /v1/traces/${traceId}`, {
    as: { subject: 'ops', role: 'operator' },
  });
  return answer.body;
}

describe('POST /v1/otlp/v1/traces', () => {
  it('counts and prices a call, and counts a repeated export once', async () => {
    const test = await open();
    expect(await test.send(chatSpan())).toEqual({ status: 200, body: {} });
    expect(await test.send(chatSpan())).toEqual({ status: 200, body: {} });
    const { totals, spans } = await callsOf(test);
    expect(spans).toHaveLength(1);
    // 900 x 0.15 + 300 x 0.075 + 120 x 0.60, a million each.
    expect(totals).toMatchObject({
      calls: 1,
      tokens: 1320,
      cost: [{ amount: '0.0002295', currency: 'USD' }],
    });
  });

  it('accepts and leaves alone what is no call', async () => {
    const test = await open();
    expect(
      await test.send({
        traceId,
        spanId: 'b7ad6b7169203331',
        attributes: [],
        startTimeUnixNano: String(start),
      }),
    ).toEqual({ status: 200, body: {} });
    expect(await test.post({ body: '{}' }).then((answer) => answer.status)).toBe(200);
    expect(
      await test
        .post({ body: new Uint8Array(), contentType: 'application/x-protobuf' })
        .then((answer) => answer.status),
    ).toBe(200);
  });

  it('takes more spans at once than a request of events may hold', async () => {
    const test = await open();
    const spans = Array.from({ length: 2_300 }, (_, index) =>
      chatSpan(
        { 'gen_ai.response.id': `chatcmpl-${index}` },
        { spanId: (index + 1).toString(16).padStart(16, '0') },
      ),
    );
    expect(await test.send(...spans)).toEqual({ status: 200, body: {} });
    expect((await callsOf(test)).totals).toMatchObject({ calls: 2_300, tokens: 2_300 * 1320 });
  });

  it('says how many spans it did not take, and why', async () => {
    const test = await open();
    const { status, body } = await test.send(
      chatSpan(),
      chatSpan(
        { 'gen_ai.response.id': 'chatcmpl-2' },
        { spanId: 'b7ad6b7169203332', startTimeUnixNano: '0' },
      ),
      chatSpan({ 'gen_ai.response.id': 'chatcmpl-3' }, { spanId: '0000000000000000' }),
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ partialSuccess: { rejectedSpans: '2' } });
    expect(JSON.stringify(body)).toContain('invalid_span');
    expect(JSON.stringify(body)).toContain('time_out_of_range');
    expect((await callsOf(test)).spans).toHaveLength(1);
  });

  it('answers in the form of the request', async () => {
    const test = await open();
    const bad = await test.post({
      body: wireRequest('gpt-4o-mini', 1n),
      contentType: 'application/x-protobuf',
    });
    expect(bad.headers.get('content-type')).toBe('application/x-protobuf');
    const reader = new BinaryReader(new Uint8Array(await bad.arrayBuffer()));
    expect(reader.tag()).toEqual([1, WireType.LengthDelimited]);
    const partial = new BinaryReader(reader.bytes());
    expect(partial.tag()).toEqual([1, WireType.Varint]);
    expect(String(partial.int64())).toBe('1');
    expect(partial.tag()).toEqual([2, WireType.LengthDelimited]);
    expect(partial.string()).toContain('time_out_of_range');

    const good = await test.post({
      body: new Uint8Array(gzipSync(wireRequest('gpt-4o-mini', start))),
      contentType: 'application/x-protobuf',
      headers: { 'content-encoding': 'gzip' },
    });
    expect(good.status).toBe(200);
    expect((await good.arrayBuffer()).byteLength).toBe(0);
    expect((await callsOf(test)).spans).toHaveLength(1);
  });

  it.each([
    ['no JSON', { body: '{' }, 400],
    ['JSON that is no export', { body: '{"resourceSpans":5}' }, 400],
    ['an empty body', { body: '' }, 400],
    ['no protobuf', { body: new Uint8Array([10, 99, 1]), contentType: 'application/x-protobuf' }, 400],
    ['no gzip', { body: '{}', headers: { 'content-encoding': 'gzip' } }, 400],
    ['another encoding', { body: '{}', headers: { 'content-encoding': 'br' } }, 415],
    ['another type', { body: '{}', contentType: 'text/plain' }, 415],
    ['too much', { body: JSON.stringify({ padding: 'x'.repeat(2_000_000) }) }, 413],
  ] as const)('refuses %s with a status that exporters read', async (_, posted, status) => {
    const test = await open({ limits: { bodyBytes: 1_000_000 } });
    const answer = await test.post(posted);
    expect(answer.status).toBe(status);
    if ('contentType' in posted && posted.contentType === 'application/x-protobuf') {
      expect(answer.headers.get('content-type')).toBe('application/x-protobuf');
      const reader = new BinaryReader(new Uint8Array(await answer.arrayBuffer()));
      expect(reader.tag()).toEqual([1, WireType.Varint]);
      expect(reader.int32()).toBe(3);
    } else {
      expect(await answer.json()).toEqual({
        code: 3,
        message: expect.stringMatching(/\w{3}.*\./) as unknown,
      });
    }
  });

  it('needs a key that may send events', async () => {
    const test = await open();
    const unknown = await test.post({ body: request(chatSpan()) }, null);
    expect(unknown.status).toBe(401);
    expect(await unknown.json()).toMatchObject({ code: 16 });
    const { status } = await test.ask('POST /v1/otlp/v1/traces', {
      as: { subject: 'ada', role: 'customer_admin', customerId: 'acme' },
      body: {},
    });
    expect(status).toBe(403);
  });

  it('gives calls the customer of a bound key, and refuses those of another', async () => {
    const test = await open();
    const bound = await test.key({ kind: 'ingest', customerId: 'acme' });
    const foreign = chatSpan({ 'tallykit.customer_id': 'rival', 'gen_ai.response.id': 'chatcmpl-2' });
    const answer = await test.post({ body: request(foreign) }, bound);
    expect(await answer.json()).toMatchObject({
      partialSuccess: {
        rejectedSpans: '1',
        errorMessage: expect.stringContaining('customer_not_allowed') as unknown,
      },
    });
    const own = chatSpan({ 'tallykit.customer_id': '' }, { spanId: 'b7ad6b7169203332' });
    expect((await test.post({ body: request(own) }, bound)).status).toBe(200);
    expect((await callsOf(test)).spans).toMatchObject([{ customerId: 'acme' }]);
  });

  it('asks for patience with the header that exporters wait for', async () => {
    const test = await open({ limits: { rate: { requestsPerSecond: 1, burst: 1 } } });
    await test.post({ body: '{}' });
    const answer = await test.post({ body: '{}' });
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await answer.json()).toMatchObject({ code: 8 });
  });
});

describe('one response that a tracker and a span tell of counts once', () => {
  const event: Omit<LlmCallEvent, 'id'> = {
    kind: 'llm_call',
    traceId,
    callId: 'call-1',
    attempt: 1,
    final: true,
    provider: 'openai',
    requestModel: 'gpt-4o-mini',
    operation: 'chat',
    responseId: 'chatcmpl-1',
    status: 'ok',
    complete: true,
    durationMs: 480,
    usage: { input: 900, cacheRead: 300, output: 120 },
  };
  const track = async (test: Awaited<ReturnType<typeof open>>) => {
    const id = `${(start / 1_000_000n)
      .toString(16)
      .padStart(12, '0')
      .replace(/^(.{8})/, '$1-')}-7000-8000-000000000001`;
    const { body } = await test.ask<IngestAnswer>('POST /v1/events', {
      token: test.token,
      body: { protocol: 1, sentAt: '2026-11-20T10:41:00.000Z', events: [{ ...event, id }] },
    });
    expect(body.accepted).toBe(1);
    return body.problems;
  };

  it('when the tracker was first', async () => {
    const test = await open();
    expect(await track(test)).toEqual([]);
    // The instrumentation names the provider in its own way.
    expect(await test.send(chatSpan({ 'gen_ai.provider.name': 'openai.chat' }))).toMatchObject({
      status: 200,
    });
    expect((await callsOf(test)).totals).toMatchObject({ calls: 1, tokens: 1320 });
  });

  it('when the span was first', async () => {
    const test = await open();
    await test.send(chatSpan());
    expect(await track(test)).toMatchObject([{ code: 'response_superseded', outcome: 'warning' }]);
    expect((await callsOf(test)).totals).toMatchObject({ calls: 1, tokens: 1320 });
  });
});

/** A call in protobuf, written by hand from the field numbers of opentelemetry/proto/trace/v1/trace.proto. */
function wireRequest(model: string, nanos: bigint): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  const open = (field: number) => writer.tag(field, WireType.LengthDelimited).fork();
  const bytes = (field: number, hex: string) =>
    writer.tag(field, WireType.LengthDelimited).bytes(Uint8Array.from(Buffer.from(hex, 'hex')));
  open(1);
  open(2);
  open(2);
  bytes(1, traceId);
  bytes(2, 'b7ad6b7169203335');
  writer.tag(7, WireType.Bit64).fixed64(nanos);
  writer.tag(8, WireType.Bit64).fixed64(nanos + 1n);
  for (const [key, value] of [
    ['gen_ai.operation.name', 'chat'],
    ['gen_ai.provider.name', 'openai'],
    ['gen_ai.request.model', model],
  ] as const) {
    open(9);
    writer.tag(1, WireType.LengthDelimited).string(key);
    open(2);
    writer.tag(1, WireType.LengthDelimited).string(value);
    writer.join().join();
  }
  return writer.join().join().join().finish();
}
