import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TallykitClient } from '@tallykit/client';
import { createTracker, type Tracker } from '@tallykit/tracker-sdk';
import { budgets } from '@tallykit/tracker-sdk/budgets';
import { wrapOpenAI } from '@tallykit/tracker-sdk/openai';
import { startFakeOpenAI, type FakeOpenAI } from '@tallykit/tracker-sdk/testing';
import { clientAs, until } from './ask.ts';
import { runServer, type RunningServer } from './run-server.ts';
import { engines, type FreshStore } from './stores.ts';

const customerId = 'cus_guarded';
const messages = [{ role: 'user' as const, content: 'Hello' }];
const tokensACall = 1000;

describe.each(engines)('an application whose calls are guarded, on $engine', ({ fresh }) => {
  let store: FreshStore;
  let server: RunningServer;
  let provider: FakeOpenAI;
  let tracker: Tracker;
  let openai: OpenAI;
  let operator: TallykitClient;
  let answers = 0;
  /** How many requests the provider still fails. */
  let failing = 0;

  beforeAll(async () => {
    store = await fresh();
    server = await runServer({ store: store.store });
    provider = await startFakeOpenAI({
      reply: () =>
        failing-- > 0
          ? { failure: { status: 500, headers: { 'retry-after-ms': '1' } } }
          : { id: `resp-${(answers += 1)}`, usage: { input: 900, output: 100 }, delayMs: 50 },
    });
    tracker = createTracker({
      endpoint: server.endpoint,
      apiKey: server.ingestKey ?? '',
      flushIntervalMs: 20,
      budgets: budgets({ guard: true, timeoutMs: 10_000, estimate: () => ({ tokens: tokensACall }) }),
    });
    openai = wrapOpenAI(new OpenAI({ apiKey: 'sk-test', baseURL: provider.baseURL, maxRetries: 0 }), tracker);
    operator = clientAs(server.endpoint, 'operator');
  });
  afterAll(async () => {
    await tracker?.shutdown();
    await provider?.close();
    await server?.stop();
    await store?.remove();
  });

  const limitTo = (calls: number) =>
    operator.budgets.put('guarded', {
      scope: { customerId },
      limit: { unit: 'tokens', amount: calls * tokensACall },
      window: 'total',
      action: 'block',
    });
  const call = () =>
    tracker.run({ customerId }, () => openai.chat.completions.create({ model: 'gpt-4o-mini', messages }));
  const refusals = (outcomes: readonly PromiseSettledResult<unknown>[]): number =>
    outcomes.filter((each) => each.status === 'rejected' && each.reason?.code === 'budget_exceeded').length;

  test('sends as many as the budget holds, of a hundred at once, and more when it is raised', async () => {
    await limitTo(7);
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, call));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    expect(refusals(outcomes)).toBe(93);
    expect(provider.requestCount()).toBe(7);

    const settled = await until(
      async () => (await operator.budgets.get('guarded')).status,
      ({ reserved }) => reserved.amount === 0,
    );
    expect(settled).toMatchObject({
      ...{ state: 'over', calls: 7, spent: { amount: 7000 }, reserved: { amount: 0 } },
    });

    await limitTo(9);
    const later = await Promise.allSettled(Array.from({ length: 20 }, call));
    expect(later.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(refusals(later)).toBe(18);
  });

  test('lifts what was held for attempts that failed with the last one of their call', async () => {
    await limitTo(100);
    failing = 1;
    const create = (client: OpenAI) => client.chat.completions.create({ model: 'gpt-4o-mini', messages });
    const before = (await operator.budgets.get('guarded')).status.calls;
    await tracker.run({ customerId, asOneCall: true }, async () => {
      await create(openai).catch(() => undefined);
      await create(openai);
    });
    failing = 1;
    await tracker.run({ customerId }, () => create(openai.withOptions({ maxRetries: 1 })));

    const { reserved, calls } = await until(
      async () => (await operator.budgets.get('guarded')).status,
      (status) => status.calls === before + 2 && status.reserved.amount === 0,
    );
    expect({ calls, reserved: reserved.amount }).toEqual({ calls: before + 2, reserved: 0 });
    expect(tracker.stats().lost).toEqual({});
  });
});
