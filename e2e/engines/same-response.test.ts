import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import OpenAI from 'openai';
import OlderOpenAI from 'openai-6';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TallykitClient } from '@tallykit/client';
import { createTracker, type Tracker } from '@tallykit/tracker-sdk';
import { trackedFetch } from '@tallykit/tracker-sdk/fetch';
import { wrapOpenAI } from '@tallykit/tracker-sdk/openai';
import { tallykitSpanProcessor } from '@tallykit/tracker-sdk/otel';
import { startFakeOpenAI, type FakeOpenAI } from '@tallykit/tracker-sdk/testing';
import { clientAs, totalsOf, until } from './ask.ts';
import { runServer, type RunningServer } from './run-server.ts';
import { engines, type FreshStore } from './stores.ts';

const model = 'gpt-4o-mini';
const messages = [{ role: 'user' as const, content: 'Hello' }];

describe.each(engines)('conformance 11: one answer that many see, on $engine', ({ fresh }) => {
  let store: FreshStore;
  let server: RunningServer;
  let provider: FakeOpenAI;
  let operator: TallykitClient;
  const trackers: Tracker[] = [];

  /** A process of its own, as far as the server can tell. */
  const open = (): Tracker => {
    const tracker = createTracker({ endpoint: server.endpoint, apiKey: server.ingestKey ?? '' });
    trackers.push(tracker);
    return tracker;
  };

  beforeAll(async () => {
    store = await fresh();
    server = await runServer({ store: store.store });
    provider = await startFakeOpenAI({
      reply: ({ body: { user } }) => ({
        id: String(user),
        usage: user === 'resp_same' ? { input: 900, output: 100 } : { input: 9000, output: 1000 },
      }),
    });
    operator = clientAs(server.endpoint, 'operator');
  });
  afterAll(async () => {
    for (const tracker of trackers) await tracker.shutdown();
    await provider?.close();
    await server?.stop();
    await store?.remove();
  });

  test('is counted and priced once: by two copies of an SDK, a gateway in front and the spans of an instrumentation', async () => {
    const [app, other, gateway, spans] = [open(), open(), open(), open()];
    const settings = { apiKey: 'sk-test', baseURL: provider.baseURL };
    const known = { provider: 'openai' };
    const ask = { model, messages, user: 'resp_same' };
    await wrapOpenAI(new OpenAI(settings), app, known).chat.completions.create(ask);
    // What the gateway forwards for the application is a request of its own process.
    const forwarded = await trackedFetch(gateway, known)(`${provider.baseURL}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-test', 'content-type': 'application/json' },
      body: JSON.stringify(ask),
    });
    expect(await forwarded.json()).toMatchObject({ id: 'resp_same' });
    await wrapOpenAI(new OlderOpenAI(settings), other, known).chat.completions.create(ask);
    const tracer = new BasicTracerProvider({ spanProcessors: [tallykitSpanProcessor(spans)] }).getTracer(
      'any',
    );
    tracer
      .startSpan('chat', {
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'openai',
          'gen_ai.request.model': model,
          'gen_ai.response.id': 'resp_same',
          'gen_ai.usage.input_tokens': 900,
          'gen_ai.usage.output_tokens': 100,
        },
      })
      .end();
    // A later answer, so that the sums are known to have passed the first.
    await wrapOpenAI(new OpenAI(settings), app, known).chat.completions.create({ ...ask, user: 'resp_next' });
    expect(await Promise.all(trackers.map((tracker) => tracker.flush()))).toEqual([true, true, true, true]);
    expect(trackers.map((tracker) => tracker.stats().recorded)).toEqual([2, 1, 1, 1]);

    const totals = await until(
      () => totalsOf(operator),
      ({ tokens }) => tokens >= 11_000,
    );
    // 900 x 0.15 + 100 x 0.60, a million each, and ten times that for the later answer.
    expect(totals).toEqual({ calls: 2, tokens: 11_000, cost: '0.002145', pendingCalls: 0 });
  });
});
