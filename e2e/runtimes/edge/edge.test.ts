import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TrackerStats } from '@tallykit/tracker-sdk';
import { startFakeOpenAI, type FakeOpenAI } from '@tallykit/tracker-sdk/testing';
import { startHostServer, type HostServer } from '../start-host-server.ts';
import { buildTracker } from '../build-tracker.ts';
import { offers, startWorkers, type EdgeWorkers, type Offer } from './start-workers.ts';

const patience = { timeout: 15_000 };

let server: HostServer;
let provider: FakeOpenAI;
let workers: EdgeWorkers;

beforeAll(async () => {
  await buildTracker();
  server = await startHostServer();
  provider = await startFakeOpenAI({
    reply: ({ index }) => ({ id: `edge-${index}`, usage: { input: 10, output: 5 } }),
  });
  workers = await startWorkers({
    endpoint: server.endpoint,
    apiKey: server.apiKey,
    baseURL: provider.baseURL,
  });
});
afterAll(async () => {
  await workers?.close();
  await provider?.close();
  await server?.close();
});

interface Stats {
  readonly kept: TrackerStats;
  readonly plain: TrackerStats;
}
const statsOf = (offer: Offer): Promise<Stats> => workers.ask<Stats>(offer, '/stats');
const names = Object.keys(offers) as Offer[];

test.each(names)(
  'with %s of Node the program imports no built-in but the one that its author named',
  (offer) => {
    const named = offer === 'nodejs_als' ? ['node:async_hooks'] : [];
    expect(workers.imports[offer]).toEqual(['cloudflare:workers', ...named]);
  },
);

describe.each(names)('a worker that is offered %s', (offer) => {
  test.each(['explicit', 'stream', 'fetch', 'kept', 'context'])(
    'answers /%s at once, and its calls still arrive, each once',
    async (path) => {
      const customer = `${offer}-${path}`;
      for (let index = 0; index < 5; index++) await workers.ask(offer, `/${path}?customer=${customer}`);
      expect(await server.callsOf(customer, 5)).toBe(5);
    },
  );

  test('calls of requests that are answered side by side arrive, each once', async () => {
    const customer = `${offer}-beside`;
    await Promise.all(Array.from({ length: 20 }, () => workers.ask(offer, `/explicit?customer=${customer}`)));
    expect(await server.callsOf(customer, 20)).toBe(20);
  });

  test('what a request left behind without waiting goes with the next flush', async () => {
    const customer = `${offer}-forgotten`;
    await workers.ask(offer, `/forgotten?customer=${customer}`);
    expect(await workers.ask(offer, '/flush')).toEqual({ flushed: true });
    expect(await server.callsOf(customer, 1)).toBe(1);
  });

  test('a batch whose request was cut off is sent anew by a later request', async () => {
    const customer = `${offer}-cut`;
    await workers.ask(offer, `/cut?customer=${customer}`);
    await workers.ask(offer, `/forgotten?customer=${customer}`);
    // The flush knows a batch for gone when its time for an answer is over.
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    expect(await workers.ask(offer, '/flush')).toEqual({ flushed: true });
    expect(await server.callsOf(customer, 2)).toBe(2);
    expect((await statsOf(offer)).plain).toMatchObject({ queued: 0, lost: {} });
  });
});

test.each(['nodejs_als', 'nodejs_compat'] as const)(
  'with %s, calls of runs side by side belong to the customer of their own run',
  async (offer) => {
    const customers = ['a', 'b', 'c'].map((each) => `${offer}-ambient-${each}`);
    await Promise.all(
      customers.flatMap((customer, index) =>
        Array.from({ length: index + 2 }, () => workers.ask(offer, `/ambient?customer=${customer}`)),
      ),
    );
    for (const [index, customer] of customers.entries())
      expect(await server.callsOf(customer, index + 2)).toBe(index + 2);
    expect((await statsOf(offer)).kept.lost).toEqual({});
  },
);

test('without ambient storage the call is counted for nobody, and so is the missing context', async () => {
  const before = (await statsOf('nothing')).kept.lost.context_unavailable ?? 0;
  const { recorded } = (await statsOf('nothing')).kept;
  await workers.ask('nothing', '/ambient?customer=nobody');
  const { kept } = await statsOf('nothing');
  expect(kept.recorded).toBe(recorded + 1);
  expect(kept.lost).toEqual({ context_unavailable: before + 1 });
  expect(await server.callsOf('nobody', 0)).toBe(0);
});

test('an outage that outlasts the requests of the host does not end delivery', async () => {
  const customer = 'outage';
  const restart = await server.kill();
  for (let index = 0; index < 3; index++) await workers.ask('nodejs_compat', `/kept?customer=${customer}`);
  // The host is asked for no more time than a flush takes; then the request ends, and what it had begun with it.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect((await statsOf('nodejs_compat')).kept).toMatchObject({ queued: 3, lost: {} });
  await restart();
  await workers.ask('nodejs_compat', `/kept?customer=${customer}`);
  expect(await server.callsOf(customer, 4)).toBe(4);
  await expect.poll(() => workers.ask('nodejs_compat', '/flush'), patience).toEqual({ flushed: true });
  expect((await statsOf('nodejs_compat')).kept).toMatchObject({ queued: 0, lost: {} });
  expect(await server.callsOf(customer, 4)).toBe(4);
});
