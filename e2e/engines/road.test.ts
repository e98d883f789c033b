import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTracker, type Tracker } from '@tallykit/tracker-sdk';
import { wrapOpenAI } from '@tallykit/tracker-sdk/openai';
import { startFakeOpenAI, type FakeOpenAI } from '@tallykit/tracker-sdk/testing';
import { isProblemError, type TallykitClient } from '@tallykit/client';
import { clientAs, totalsOf, until } from './ask.ts';
import { runServer, type RunningServer } from './run-server.ts';
import { engines, type FreshStore } from './stores.ts';

const messages = [{ role: 'user' as const, content: 'canary-prompt-7319' }];

describe.each(engines)('one call from an app to an answer, on $engine', ({ fresh }) => {
  let store: FreshStore;
  let server: RunningServer;
  let provider: FakeOpenAI;
  let tracker: Tracker;
  let openai: OpenAI;
  let operator: TallykitClient;

  beforeAll(async () => {
    store = await fresh();
    server = await runServer({ store: store.store });
    provider = await startFakeOpenAI({
      reply: ({ index }) => ({
        id: `resp-${index}`,
        delayMs: 220,
        usage: { input: 1200, cached: 300, output: 120, reasoning: 20 },
      }),
    });
    tracker = createTracker({
      endpoint: server.endpoint,
      apiKey: server.ingestKey ?? '',
      environment: 'test',
    });
    openai = wrapOpenAI(new OpenAI({ apiKey: 'sk-canary-key', baseURL: provider.baseURL }), tracker, {
      provider: 'openai',
      requestUsage: true,
    });
    operator = clientAs(server.endpoint, 'operator');
  });
  afterAll(async () => {
    await tracker?.shutdown();
    await provider?.close();
    await server?.stop();
    await store?.remove();
  });

  test('is counted, priced and explained down to its price row', async () => {
    let traceId = '';
    await tracker.run(
      { customerId: 'cus_42', flow: 'triage', productId: 'support-agent', configuration: 'v7' },
      async (context) => {
        traceId = context.traceId;
        await openai.chat.completions.create({ model: 'gpt-4o-mini', messages });
        const stream = await openai.chat.completions.create({ model: 'gpt-4o-mini', messages, stream: true });
        for await (const chunk of stream) void chunk;
        tracker.signal('ticket_resolved', { value: { type: 'saved_cost', amount: '4.50', currency: 'USD' } });
      },
    );
    expect(await tracker.flush()).toBe(true);

    // 900 x 0.15 + 300 x 0.075 + 120 x 0.60, a million each, twice.
    const totals = await until(
      () => totalsOf(operator),
      (found) => found.calls === 2,
    );
    expect(totals).toEqual({ calls: 2, tokens: 2640, cost: '0.000459', pendingCalls: 0 });

    const trace = await operator.traces.get(traceId);
    expect(trace.spans.map((span) => span.kind).toSorted()).toEqual(['llm_call', 'llm_call', 'signal']);
    expect(trace.totals).toMatchObject({
      calls: 2,
      tokens: 2640,
      cost: [{ amount: '0.000459', currency: 'USD' }],
    });

    const call = await operator.calls.get(trace.spans.find((span) => span.kind === 'llm_call')?.id ?? '');
    expect(call.call).toMatchObject({
      customerId: 'cus_42',
      flow: 'triage',
      configuration: 'v7',
      requestModel: 'gpt-4o-mini',
      status: 'ok',
    });
    expect(call.call.durationMs).toBeGreaterThanOrEqual(200);
    expect(call.entries).toHaveLength(1);
    expect(
      call.entries[0]?.lines?.map((line) => [line.bucket, line.quantity, line.rate, line.amount]),
    ).toEqual([
      ['input', 900, '0.15', '0.000135'],
      ['cacheRead', 300, '0.075', '0.0000225'],
      ['output', 100, '0.6', '0.00006'],
      ['reasoning', 20, '0.6', '0.000012'],
    ]);
    expect(call.prices?.map((price) => price.id)).toEqual([call.entries[0]?.effectivePriceId]);
  });

  test('shows the customer its own charge and nothing of the provider', async () => {
    const admin = clientAs(server.endpoint, 'customer_admin:cus_42');
    const spend = await until(
      () => admin.insights.get('token-spend'),
      (found) => found.calls === 2,
    );
    expect(spend).toMatchObject({
      basis: 'charge',
      calls: 2,
      spend: [{ amount: '0.000459', currency: 'USD' }],
      scope: { customerId: 'cus_42' },
    });
    expect(spend.amounts).toBeUndefined();
    const other = clientAs(server.endpoint, 'customer_admin:cus_43');
    expect((await other.insights.get('token-spend')).calls).toBe(0);
    const member = clientAs(server.endpoint, 'customer_member:cus_42');
    const denial = await member.insights.get('token-spend').catch((error: unknown) => error);
    expect(isProblemError(denial) && denial.status).toBe(403);
  });

  test('is pending while no price is known, and settled when one comes', async () => {
    await tracker.run({ customerId: 'cus_44' }, () =>
      openai.chat.completions.create({ model: 'house-model-1', messages }),
    );
    await tracker.flush();
    const before = await until(
      () => totalsOf(operator),
      (found) => found.calls === 3,
    );
    expect(before).toMatchObject({ calls: 3, cost: '0.000459', pendingCalls: 1 });
    const put = await operator.prices.put({
      prices: [
        {
          provider: 'openai',
          model: 'house-model-1',
          rates: [
            { bucket: 'input', amount: '1' },
            { bucket: 'cacheRead', amount: '0.5' },
            { bucket: 'output', amount: '2' },
            { bucket: 'reasoning', amount: '2' },
          ],
        },
      ],
    });
    expect(put.settled).toBe(1);
    const after = await until(
      () => totalsOf(operator),
      (found) => found.pendingCalls === 0,
    );
    expect(after).toEqual({ calls: 3, tokens: 3960, cost: '0.001749', pendingCalls: 0 });
  });
});
