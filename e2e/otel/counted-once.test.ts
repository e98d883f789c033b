import { gzipSync } from 'node:zlib';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTracker, type Tracker } from '@tallykit/tracker-sdk';
import { wrapOpenAI } from '@tallykit/tracker-sdk/openai';
import { clientAs, until } from '../engines/ask.ts';
import { openRoad, type OtelRoad } from './open-road.ts';

// The same request seen twice: by an exporter that sends again, and by a tracker and an instrumentation.
let road: OtelRoad;
let tracker: Tracker;
let openai: OpenAI;

beforeAll(async () => {
  road = await openRoad();
  tracker = createTracker({ endpoint: road.server.endpoint, apiKey: road.server.ingestKey ?? '' });
  openai = wrapOpenAI(new OpenAI({ apiKey: 'sk-test', baseURL: road.provider.baseURL }), tracker, {
    provider: 'openai',
    requestUsage: true,
  });
});
afterAll(async () => {
  await tracker?.shutdown();
  await road?.close();
});

/** A span as OpenTelemetry's own instrumentation for OpenAI makes it, in the JSON of OTLP. */
function spanOf(responseId: string, spanId: string): object {
  const start = BigInt(Date.now()) * 1_000_000n;
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.system': 'openai',
    'gen_ai.request.model': 'gpt-4o-mini',
    'gen_ai.response.id': responseId,
    'gen_ai.usage.input_tokens': 1200,
    'gen_ai.usage.output_tokens': 120,
  };
  return {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 5_000_000n),
    attributes: Object.entries(attributes).map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { intValue: value } : { stringValue: value },
    })),
  };
}

async function send(...spans: readonly object[]): Promise<object> {
  const answer = await fetch(`${road.server.endpoint}/v1/otlp/v1/traces`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      authorization: `Bearer ${road.server.ingestKey}`,
    },
    body: gzipSync(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as object;
}

async function ask(): Promise<string> {
  const { id } = await openai.chat.completions.create({
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content: 'hello' }],
  });
  return id;
}

test('a repeated export changes nothing', async () => {
  const span = spanOf('repeated-1', 'b7ad6b7169203331');
  const others = [spanOf('repeated-2', 'b7ad6b7169203332'), spanOf('repeated-3', 'b7ad6b7169203333')];
  for (let times = 0; times < 3; times += 1) expect(await send(span, ...others)).toEqual({});
  expect(await road.totals(3)).toMatchObject({ calls: 3, tokens: 3960 });
});

test('a response that the tracker told of first is not counted again', async () => {
  const responseId = await ask();
  await tracker.flush();
  expect(await send(spanOf(responseId, 'b7ad6b7169203341'))).toEqual({});
  await send(spanOf('after-1', 'b7ad6b7169203342'));
  expect(await road.totals(5)).toMatchObject({ calls: 5, tokens: 6600 });
});

test('a response that a span told of first is not counted again', async () => {
  const responseId = await ask();
  await send(spanOf(responseId, 'b7ad6b7169203351'));
  await tracker.flush();
  await send(spanOf('after-2', 'b7ad6b7169203352'));
  expect(await road.totals(7)).toMatchObject({ calls: 7, tokens: 9240 });
  expect(tracker.stats().lost).toEqual({});
});

test('a wrapped client under an instrumentation whose spans go to the tracker counts each request once', async () => {
  const before = await road.totals(7);
  const told = await road.run('tracked-twice');
  expect(await road.totals(before.calls + 4)).toMatchObject({
    calls: before.calls + 4,
    tokens: before.tokens + 4 * 1320,
  });
  // Two requests were seen by the instrumentation, and two by both.
  expect(JSON.parse(told[2] ?? '')).toEqual({ lost: {}, recorded: 6 });
  const customer = clientAs(road.server.endpoint, 'customer_admin:cus_42');
  const spend = await until(
    () => customer.insights.get('token-spend'),
    ({ calls }) => calls === 4,
  );
  expect(spend.calls).toBe(4);
});

test('the spans that cannot be taken are told, and the others land', async () => {
  const old = { ...spanOf('old', 'b7ad6b7169203361'), startTimeUnixNano: '1000000000000000000' };
  expect(await send(old, spanOf('after-3', 'b7ad6b7169203362'))).toEqual({
    partialSuccess: {
      rejectedSpans: '1',
      errorMessage: expect.stringContaining('time_out_of_range') as unknown,
    },
  });
  expect(await road.totals(12)).toMatchObject({ calls: 12 });
});
